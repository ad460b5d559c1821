/* passage_labels.c - what the words of a part say, and what stands around it, for each label; then dynamic programming
   (Viterbi 1967).
   May include: passage_labels.h, passage_parts.h, passage_cues.h, passage_weights.h, score.h.
   Must not know: how a passage is given out. */
#include "passage_labels.h"

#include "passage_cues.h"
#include "passage_weights.h"

enum { UNIT = CL_WEIGHT_SCALE / 16 };
enum { CHAT_NAMES = 4 };                         /* that many lines, and most, begin with a name: a chat */
enum { BEFORE = 160, BEHIND = 112, LEAD = 256 }; /* bytes in which cues are looked for */
enum { TAG_WORDS = 20 };                         /* at most between two quotations of one utterance */
enum { OUTSIDE = 0xFF };

/* Where a part stands. */
typedef enum { PLAIN, BLOCK, REPLY, INTRODUCED, QUOTED } place;

typedef struct {
    uint8_t place, cues;
    uint32_t utterance; /* number of the first part of it; quotations alone have more than one */
} context;

typedef struct {
    const cl_labels_call *call;
    const cl_parts *parts;
    size_t count;
    uint32_t labels, threat; /* of the model; the label of that name */
    context *contexts;       /* [parts] */
    int32_t *says;           /* [parts][states - 1] */
    uint16_t *from;          /* [parts][states]: the state before */
    uint32_t *states;        /* [states]: the label of each; the first is the background */
    int64_t *best;           /* [states] */
    uint32_t state_count;
    uint32_t lead;             /* cues at the text's beginning */
    uint32_t narrator;         /* the label of what stands outside quotation marks, where there are some */
    bool chat, quotes, spoken; /* spoken: some part is not PLAIN */
} labelling;

static int32_t weight(unsigned which) { return cl_passage_weights[which] * UNIT; }

static const int16_t *row_of(const labelling *l, size_t i) { return cl_parts_row(l->parts, i); }

/* ---- Who says it ---- */

static uint32_t cues_before(const labelling *l, size_t i) {
    const cl_part *p = &l->parts->parts[i];
    size_t from = p->begin > BEFORE ? p->begin - BEFORE : 0;
    if (i > 1 && p[-1].quoted == p->quoted) /* the last words alone */
        from = from > p[-1].begin ? from : p[-1].begin;
    for (size_t back = i; back-- > 0 && l->parts->parts[back].end > from;)
        if (l->parts->parts[back].quoted)
            from = l->parts->parts[back].end;
    return cl_cues(l->parts->text, from, p->begin);
}

static uint32_t cues_behind(const labelling *l, size_t i) {
    const cl_part *p = &l->parts->parts[i], *behind = p + 1;
    if (i + 1 >= l->count || behind->quoted || behind->paragraph)
        return 0;
    return cl_cues(l->parts->text, behind->begin, behind->end - behind->begin > BEHIND ? behind->begin + BEHIND : behind->end);
}

/* The place of a part that is not quoted; those of one paragraph stand alike. */
static place find_place(const labelling *l, size_t i) {
    const cl_part *p = &l->parts->parts[i];
    if (i > 0 && cl_parts_colon(l->parts, i - 1) && !p[-1].name)
        return INTRODUCED;
    if (!p->paragraph)
        return i > 0 && !p[-1].quoted ? (place)l->contexts[i - 1].place : PLAIN;
    const uint8_t *at = (const uint8_t *)l->parts->text + p->begin;
    bool dash = p->end - p->begin > 3 && at[0] == 0xE2 && at[1] == 0x80 && (at[2] & 0xF8) == 0x90; /* U+2010 .. U+2017 */
    return *at == '>' ? BLOCK : dash || (*at == '-' && at[1] == ' ') ? REPLY : PLAIN;
}

/* Behind the last part of the quotation that begins with part i. */
static size_t quotation_end(const labelling *l, size_t i) {
    const cl_part *p = l->parts->parts;
    size_t end = i + 1;
    while (end < l->count && p[end].quoted && !p[end].opens && !p[end - 1].closes)
        end++;
    return end;
}

/* Does the quotation that begins with part i go on one before a tag in its line? That tag was looked at behind the one before.
 */
static bool goes_on(const labelling *l, size_t i) {
    const cl_part *p = &l->parts->parts[i], *tag = p - 1;
    return i > 1 && tag[-1].quoted && !tag->quoted && !p->paragraph && !tag->paragraph && tag->words <= TAG_WORDS;
}

static void set_contexts(labelling *l) {
    uint32_t told = CL_CUE_SAID | CL_CUE_WRITTEN;
    for (size_t i = 0, end; i < l->count; i = end) {
        const cl_part *p = &l->parts->parts[i];
        end = i + 1;
        uint32_t cues = 0, utterance = (uint32_t)i;
        place where = QUOTED;
        if (p->quoted) {
            end = quotation_end(l, i);
            cues = (goes_on(l, i) ? 0 : cues_before(l, i)) | cues_behind(l, end - 1);
            if (goes_on(l, i) && (l->contexts[i - 2].cues & told)) {
                utterance = l->contexts[i - 2].utterance;
                cues |= l->contexts[i - 2].cues;
            }
        } else {
            where = find_place(l, i);
            if (where == INTRODUCED && i > 0)
                cues = p->paragraph || cl_parts_colon(l->parts, i - 1) ? cues_before(l, i) : l->contexts[i - 1].cues;
            else if (where == BLOCK || where == REPLY)
                cues = p->paragraph ? cues_before(l, i) : l->contexts[i - 1].cues;
            if (where == INTRODUCED && !(cues & told) && !p->paragraph)
                where = PLAIN;
        }
        l->spoken |= where != PLAIN;
        for (size_t k = i; k < end; k++)
            l->contexts[k] = (context){(uint8_t)where, (uint8_t)cues, utterance};
    }
}

/* Does somebody go on to say who said quotation i, as reporters do? */
static bool is_reported(const labelling *l, size_t i) {
    const cl_part *p = &l->parts->parts[i], *behind = p + 1;
    return p->closes && !p->ends && i + 1 < l->count && !behind->quoted && !behind->paragraph &&
           (l->contexts[i].cues & (CL_CUE_SAID | CL_CUE_WRITTEN));
}

/* The label of what stands outside quotation marks; none where a reporter speaks there. */
static uint32_t find_narrator(const labelling *l) {
    int64_t *sums = l->call->scratch, words = 0;
    memset(sums, 0, l->parts->columns * sizeof *sums);
    for (size_t i = 0; i < l->count; i++) {
        if (is_reported(l, i))
            return CLASSIFY_NONE;
        if (l->parts->parts[i].quoted)
            continue;
        words += l->parts->parts[i].words;
        for (size_t k = 0; k < l->labels; k++)
            sums[k] += row_of(l, i)[k];
    }
    uint32_t best = cl_greatest(sums, l->labels);
    int64_t next = INT64_MIN;
    for (uint32_t k = 0; k < l->labels; k++)
        next = k != best && sums[k] > next ? sums[k] : next;
    return words && sums[best] - next >= words * weight(CL_W_NARRATOR_WORD) ? best : CLASSIFY_NONE;
}

/* ---- What it says ---- */

/* What the words of each part say for each state, against the best of the labels that surround. */
static void set_says(labelling *l) {
    uint32_t own = l->state_count - 1;
    for (size_t i = 0; i < l->count; i++) {
        const int16_t *row = row_of(l, i);
        int32_t against = -INT32_MAX;
        for (uint32_t k = 0; k < l->labels; k++)
            if (!l->call->shown[k] && row[k] > against)
                against = row[k];
        for (uint32_t k = 0; k < own; k++)
            l->says[i * own + k] = row[l->states[k + 1]] - against;
    }
}

/* Adds to what each part of an utterance says a share of what the others of it do. Parts of an utterance are quotations with
   short tags between. */
static void pool_says(labelling *l) {
    uint32_t own = l->state_count - 1;
    int64_t *sums = l->call->scratch;
    for (size_t i = 0, end; i < l->count; i = end) {
        end = i + 1;
        if (l->contexts[i].place != QUOTED)
            continue;
        uint32_t utterance = l->contexts[i].utterance;
        for (size_t k = end; k < l->count && k <= end + 1; k++)
            if (l->contexts[k].place == QUOTED && l->contexts[k].utterance == utterance)
                end = k + 1;
        memset(sums, 0, own * sizeof *sums);
        for (size_t k = i; k < end; k++)
            for (uint32_t s = 0; l->contexts[k].place == QUOTED && s < own; s++)
                sums[s] += l->says[k * own + s];
        for (size_t k = i; k < end; k++)
            for (uint32_t s = 0; l->contexts[k].place == QUOTED && s < own; s++) {
                int64_t all = l->says[k * own + s] + (sums[s] - l->says[k * own + s]) * cl_passage_weights[CL_W_POOL] / 16;
                l->says[k * own + s] = (int32_t)(all > INT32_MAX / 2   ? INT32_MAX / 2
                                                 : all < INT32_MIN / 2 ? INT32_MIN / 2
                                                                       : all);
            }
    }
}

/* What speaks for a label of its own for part i, whatever its words. */
static int32_t bias_of(const labelling *l, size_t i, uint32_t label) {
    const context *c = &l->contexts[i];
    static const uint8_t places[] = {CL_W_ALONE, CL_W_BLOCK, CL_W_REPLY, CL_W_INTRODUCED, CL_W_QUOTED};
    bool narrator = label == l->narrator;
    if (l->parts->parts[i].name && l->chat)
        return -4 * weight(CL_W_CAP); /* each message stands by itself */
    if (c->place == QUOTED && narrator)
        return weight(CL_W_SAME);
    if (c->place != QUOTED && narrator)
        return weight(CL_W_NARRATOR);
    if (c->place == PLAIN)
        return weight(l->quotes ? CL_W_SPEECH : CL_W_ALONE);
    int32_t bias = weight(places[c->place]);
    unsigned first = label == l->threat ? CL_W_THREAT_SAID : CL_W_STATE_SAID;
    for (unsigned cue = 0; cue < CL_CUES; cue++)
        if (c->cues >> cue & 1)
            bias += weight(first + cue);
    if (l->lead & (label == l->threat ? CL_CUE_MENACE : CL_CUE_OFFICE))
        bias += weight(first + CL_CUES);
    return bias;
}

/* What part i says for a state, all in all. */
static int32_t speaks_for(const labelling *l, size_t i, uint32_t state) {
    int32_t says = l->says[i * (l->state_count - 1) + state - 1];
    int64_t most = (int64_t)l->parts->parts[i].words * weight(CL_W_CAP_WORD);
    most = most < weight(CL_W_CAP) ? most : weight(CL_W_CAP);
    says = says > most ? (int32_t)most : says < -most ? (int32_t)-most : says;
    return says + bias_of(l, i, l->states[state]);
}

/* ---- The best sequence ---- */

/* What a change of label between part i - 1 and part i costs; the text's beginning and end are borders too. */
static int64_t penalty_at(const labelling *l, size_t i) {
    const cl_part *p = &l->parts->parts[i], *before = p - 1;
    bool inside = i > 0 && i < l->count;
    unsigned which = CL_W_AT_SENTENCE;
    if (inside && (p->opens || before->closes || p->quoted != before->quoted))
        which = CL_W_AT_QUOTE;
    else if (inside && p->quoted)
        which = CL_W_INSIDE_QUOTE;
    else if (inside && !before->name && cl_parts_colon(l->parts, i - 1))
        which = CL_W_AT_COLON;
    else if (!inside || p->paragraph || before->name)
        which = l->chat ? CL_W_AT_MESSAGE : CL_W_AT_PARAGRAPH;
    int64_t penalty = l->call->penalty;
    return penalty == CL_PENALTY_INFINITE ? INT64_MAX / 4 : penalty * cl_passage_weights[which] / 16;
}

static void step(labelling *l, size_t i) {
    int64_t penalty = penalty_at(l, i);
    uint32_t top = 0;
    for (uint32_t k = 1; k < l->state_count; k++)
        top = l->best[k] > l->best[top] ? k : top;
    int64_t change = l->best[top] - penalty;
    uint16_t *from = l->from + i * l->state_count;
    for (uint32_t k = 0; k < l->state_count; k++) {
        bool stays = l->best[k] >= change;
        from[k] = (uint16_t)(stays ? k : top);
        l->best[k] = (stays ? l->best[k] : change) + (k ? speaks_for(l, i, k) : 0);
    }
}

/* Goes back from the best end. */
static void trace(const labelling *l, uint32_t *labels) {
    uint32_t state = 0;
    int64_t penalty = penalty_at(l, l->count);
    for (uint32_t k = 1; k < l->state_count; k++)
        if (l->best[k] - penalty > l->best[state] - (state ? penalty : 0))
            state = k;
    for (size_t i = l->count; i-- > 0;) {
        labels[i] = l->states[state];
        state = l->from[i * l->state_count + state];
    }
}

/* Of the one block of memory: what each part takes of it, rounded up so that the labels' own arrays fit two of these. */
static size_t room_of(uint32_t labels) { return sizeof(context) + labels * sizeof(int32_t) + (labels + 2u) * sizeof(uint16_t); }

static void *make_room(labelling *l, const classify_allocator *a) {
    void *room = cl_alloc(a, l->count + 2, room_of(l->labels));
    if (room) {
        l->best = room; /* the widest first: all are aligned */
        l->states = (uint32_t *)(l->best + l->labels + 1);
        l->contexts = (context *)(l->states + l->labels + 1);
        l->says = (int32_t *)(l->contexts + l->count);
        l->from = (uint16_t *)(l->says + l->count * l->labels);
    }
    return room;
}

static void label_parts(labelling *l, uint32_t *labels) {
    const cl_part *parts = l->parts->parts;
    size_t names = 0, lines = 0;
    l->states[l->state_count++] = CLASSIFY_NONE;
    for (uint32_t k = 0; k < l->labels; k++) {
        if (!strcmp(l->parts->s->model->names[k], "threat"))
            l->threat = k;
        if (l->call->shown[k])
            l->states[l->state_count++] = k;
    }
    for (uint32_t k = 0; k < l->state_count; k++)
        l->best[k] = k ? INT64_MIN / 2 : 0;
    for (size_t i = 0; i < l->count; i++) {
        l->quotes |= parts[i].quoted;
        names += parts[i].name;
        lines += parts[i].paragraph;
    }
    l->chat = names >= CHAT_NAMES && 2 * names > lines;
    set_contexts(l);
    l->narrator = l->quotes ? find_narrator(l) : CLASSIFY_NONE;
    size_t all = parts[l->count - 1].end;
    l->lead = l->spoken ? cl_cues(l->parts->text, 0, all < LEAD ? all : LEAD) : 0;
    set_says(l);
    pool_says(l);
    for (size_t i = 0; i < l->count; i++)
        step(l, i);
    trace(l, labels);
}

bool cl_label_parts(const cl_labels_call *call, uint32_t *labels) {
    const classify_scorer *s = call->parts->s;
    labelling l = {.call = call,
                   .parts = call->parts,
                   .count = call->parts->count,
                   .labels = s->model->labels,
                   .threat = CLASSIFY_NONE,
                   .narrator = CLASSIFY_NONE};
    void *room = make_room(&l, &s->allocator);
    if (room)
        label_parts(&l, labels);
    cl_release(&s->allocator, room, l.count + 2, room_of(l.labels));
    return room != NULL;
}
