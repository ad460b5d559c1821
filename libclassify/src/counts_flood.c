/* counts_flood.c - a balanced tree of features: an AA tree (Andersson 1993), in which a node is at most one level above its
   left child, and above its right child's right child; so no path is longer than twice the logarithm of the number of nodes.
   May include: counts_flood.h, alloc.h.
   Must not know: what features are. */
#include "counts_flood.h"

static uint64_t head_of(cl_feature_key key) {
    uint64_t head = key.size;
    if (key.text)
        memcpy(&head, key.text, key.size < sizeof head ? key.size : sizeof head);
    return head;
}

/* Below, equal to or above a node's; any order does that is the same each time. */
static int compare(cl_feature_key key, uint64_t head, const cl_flood_node *node, cl_key_of *key_of, const void *context) {
    if (head != node->head || !key.text)
        return head < node->head ? -1 : head > node->head;
    cl_feature_key other = key_of(context, node->item);
    int order = key.size < other.size ? -1 : key.size > other.size;
    return order ? order : memcmp(key.text, other.text, key.size);
}

uint32_t cl_flood_find(const cl_flood *flood, cl_feature_key key, cl_key_of *key_of, const void *context) {
    const uint64_t head = head_of(key);
    for (uint32_t at = flood->count ? flood->root : CLASSIFY_NONE; at != CLASSIFY_NONE;) {
        const cl_flood_node *node = &flood->nodes[at];
        int order = compare(key, head, node, key_of, context);
        if (!order)
            return node->item;
        at = order < 0 ? node->left : node->right;
    }
    return CLASSIFY_NONE;
}

/* A left child of the same level becomes the root, then a right child whose right child has the same level, one level up. */
static uint32_t balanced(cl_flood_node *nodes, uint32_t root) {
    uint32_t left = nodes[root].left;
    if (left != CLASSIFY_NONE && nodes[left].level == nodes[root].level) {
        nodes[root].left = nodes[left].right;
        nodes[left].right = root;
        root = left;
    }
    uint32_t right = nodes[root].right, last = right == CLASSIFY_NONE ? right : nodes[right].right;
    if (last != CLASSIFY_NONE && nodes[last].level == nodes[root].level) {
        nodes[root].right = nodes[right].left;
        nodes[right].left = root;
        nodes[right].level++;
        root = right;
    }
    return root;
}

void cl_flood_add(cl_flood *flood, uint32_t item, cl_key_of *key_of, const void *context) {
    uint32_t path[64], depth = 0, made = (uint32_t)flood->count;
    bool left[64];
    cl_flood_node *nodes = flood->nodes;
    const cl_feature_key key = key_of(context, item);
    const uint64_t head = head_of(key);
    for (uint32_t at = made ? flood->root : CLASSIFY_NONE; at != CLASSIFY_NONE; depth++) {
        path[depth] = at;
        left[depth] = compare(key, head, &nodes[at], key_of, context) < 0;
        at = left[depth] ? nodes[at].left : nodes[at].right;
    }
    nodes[made] = (cl_flood_node){head, CLASSIFY_NONE, CLASSIFY_NONE, item, 1};
    flood->count++;
    for (uint32_t child = made;; child = balanced(nodes, path[depth])) {
        if (!depth--) {
            flood->root = child;
            return;
        }
        *(left[depth] ? &nodes[path[depth]].left : &nodes[path[depth]].right) = child;
    }
}
