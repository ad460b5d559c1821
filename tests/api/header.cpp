/* header.cpp - the public header alone compiles as C++17 (and, header.c, as strict C11) with every warning an error. */
#include <classify.h>

#include <classify.h>

int main(void) { return classify_abi_version() != CLASSIFY_ABI_VERSION; }
