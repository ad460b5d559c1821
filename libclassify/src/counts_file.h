/* counts_file.h - counts to bytes and back: FORMAT.md, "Counts" and "Counts as text". */
#ifndef CL_COUNTS_FILE_H
#define CL_COUNTS_FILE_H

#include "bytes.h"
#include "counts.h"

#define CL_COUNTS_MAGIC "LCCOUNTS"
enum { CL_COUNTS_VERSION = 1, CL_COUNTS_HEADER = 32, CL_WORD_BYTES_MAX = 256 };
#define CL_COUNTS_TSV_MAGIC "#libclassify-counts\t" /* the version follows */

/* Each gives a status and fills *error; *out is then NULL. */
int32_t cl_counts_read_binary(classify_counts **out, const uint8_t *data, size_t size, const classify_allocator *a,
                              classify_error *error);
int32_t cl_counts_read_tsv(classify_counts **out, const uint8_t *data, size_t size, const classify_allocator *a,
                           classify_error *error);
/* False: no memory. */
bool cl_counts_write_binary(const classify_counts *c, const cl_counts_order *order, cl_buffer *out);
bool cl_counts_write_tsv(const classify_counts *c, const cl_counts_order *order, cl_buffer *out);

/* The live tallies of a feature by the order of cells; returns how many. list has room for all cells. */
typedef struct {
    uint32_t cell; /* rank */
    uint64_t occurrences, documents;
} cl_sorted_tally;
size_t cl_counts_tallies(const classify_counts *c, const cl_counts_order *order, const cl_feature *feature,
                         cl_sorted_tally *list);

/* The refinement's part of the formats. */
bool cl_refined_write(const classify_counts *c, const cl_counts_order *order, cl_buffer *out);
bool cl_refined_write_tsv(const classify_counts *c, const cl_counts_order *order, cl_buffer *out);
/* An item in the order of the files: by kind, language and key, words by their ranks. */
typedef struct {
    uint64_t key;
    uint32_t item;
    uint16_t language;
    uint8_t kind;
} cl_sorted_item;
/* Fills `sorted`, which has room for all items; of items of one key the first stays. Returns how many. */
size_t cl_refined_sort(const cl_refinement *r, const cl_counts_order *order, cl_sorted_item *sorted);
int32_t cl_refined_read(classify_counts *c, cl_reader *in, classify_error *error);
/* A line's fields, as counts_tsv.c splits them. */
typedef struct {
    const uint8_t *at, *line_end;
} cl_tsv_line;
typedef struct {
    const char *text;
    size_t size;
} cl_tsv_field;
bool cl_tsv_next(cl_tsv_line *line, cl_tsv_field *field);
bool cl_tsv_number(cl_tsv_line *line, uint64_t *n);
bool cl_tsv_name(cl_tsv_line *line, char *name, size_t most);
bool cl_tsv_word(cl_tsv_line *line, cl_tsv_field *field);
/* Lines `refined` and `weight`: CLASSIFY_OK, NOMEM, or CORRUPT with a message (the caller knows the offset). */
int32_t cl_refined_read_header(classify_counts *c, cl_tsv_line *line, const char **message);
int32_t cl_refined_read_weight(classify_counts *c, cl_tsv_line *line, const char **message);

/* A new cell from names read from a file, which must be valid and come after the one before in order. */
int32_t cl_counts_read_cell(classify_counts *c, char names[3][256], uint64_t documents, uint64_t words, uint64_t offset,
                            classify_error *error);

#endif
