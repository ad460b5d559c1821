/* app.c - a program outside of the tree, as a user of the installed library writes it. */
#include <classify.h>

#include <stdio.h>
#include <string.h>

int main(void) {
    const char *text = "Pay the ransom within 72 hours or we will publish all of your files!";
    classify_model *model = NULL;
    classify_scorer *scorer = NULL;
    classify_result result = {.struct_size = sizeof result};
    classify_error error;
    int32_t status;
    if (classify_abi_version() != CLASSIFY_ABI_VERSION)
        return 2;
    if ((status = classify_model_default(&model, NULL, &error)) ||
        (status = classify_scorer_new(&scorer, model, NULL, &error)) ||
        (status = classify_score(scorer, text, strlen(text), &result, NULL, NULL, &error)))
        fprintf(stderr, "%s: %s\n", classify_status_name(status), error.message);
    else
        puts(result.label == CLASSIFY_NONE ? "unsure" : classify_model_label(model, result.label));
    classify_scorer_free(scorer);
    classify_model_free(model);
    return status != CLASSIFY_OK;
}
