/* header.c - the public header alone compiles as strict C11, and as C++17 (header.cpp), with every warning an error. */
#include <classify.h>

#include <classify.h>

int main(void) { return classify_abi_version() != CLASSIFY_ABI_VERSION; }
