/* gen_fold_table.c - build tool: prints the fast path's table, computed with the functions that it must equal.
   May include: fold.h.
   Must not know: anything else. */
#include "fold.h"

#include <stdio.h>

int main(void) {
    printf("/* Made by gen_fold_table.c with the utf8proc that is linked (Unicode %s). */\n#include \"fold.h\"\n\n"
           "const cl_fold_entry cl_fold_table[CL_FOLD_TABLE_SIZE] = {\n",
           cl_fold_unicode_version());
    for (uint32_t c = 0; c < CL_FOLD_TABLE_SIZE; c++) {
        cl_fold_entry e = cl_fold_compute(c);
        printf("{%u,%u,%u,%u},%s", (unsigned)e.to, (unsigned)e.class_, (unsigned)e.fast, (unsigned)e.upper,
               c % 8 == 7 ? "\n" : "");
    }
    printf("};\n");
    return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
