/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_litert_delegate.h"

#include <stdlib.h>
#include <string.h>

#include "edge_litert_abi.h"

#define EXPORT __attribute__((visibility("default")))

/* A claimed operator while an interpreter has it. */
typedef struct kernel {
    const edge_litert_node *node;
    int input[EDGE_LITERT_INPUTS], output[EDGE_LITERT_INPUTS]; /* tensors of the interpreter */
    edge_ctx *ctx;
    uint8_t *region[EDGE_REGIONS];
} kernel;

/* Where the operators' tensors are, found when the delegate is applied: a node that was replaced lists its own anew. */
typedef struct wiring {
    litert_delegate base; /* first: the runtime knows the delegate by it */
    kernel wired[];
} wiring;

static void release(litert_context *context, void *buffer) {
    kernel *k = buffer;
    (void)context;
    if (k == NULL) {
        return;
    }
    free(k->ctx);
    for (unsigned r = 0; r < EDGE_REGIONS; r++) {
        free(k->region[r]);
    }
    free(k);
}

static void *init(litert_context *context, const char *buffer, size_t length) {
    const litert_delegate_params *params = (const void *)buffer;
    const wiring *w = (const void *)params->delegate;
    kernel *k = calloc(1, sizeof *k);
    (void)length;
    for (unsigned i = 0; k != NULL && i < edge_litert_count; i++) {
        if (edge_litert_nodes[i].index == params->nodes->data[0]) {
            *k = w->wired[i];
        }
    }
    if (k == NULL || k->node == NULL) {
        free(k);
        return NULL;
    }
    const edge_model *model = k->node->model;
    bool there = (k->ctx = malloc(k->node->context_bytes)) != NULL;
    for (unsigned r = 0; r < model->n_regions; r++) {
        const size_t bytes = (model->region_bytes[r] + 15u) / 16u * 16u;
        there = (k->region[r] = aligned_alloc(16, bytes > 0 ? bytes : 16)) != NULL && there;
    }
    if (!there || edge_init(model, k->ctx, k->node->context_bytes, k->region) != EDGE_OK) {
        release(context, k);
        return NULL;
    }
    return k;
}

static litert_status prepare(litert_context *context, litert_node *node) {
    (void)context;
    return node->user_data != NULL ? LITERT_OK : LITERT_ERROR; /* NULL: no memory */
}

static litert_status invoke(litert_context *context, litert_node *node) {
    const kernel *k = node->user_data;
    const edge_model *model = k->node->model;
    for (unsigned i = 0; i < k->node->inputs; i++) {
        memcpy(edge_input(model, k->ctx, i), context->tensors[k->input[i]].data, model->inputs[i].bytes);
    }
    if (edge_run(model, k->ctx) != EDGE_OK) {
        return LITERT_ERROR;
    }
    for (unsigned i = 0; i < k->node->outputs; i++) {
        memcpy(context->tensors[k->output[i]].data, edge_output(model, k->ctx, i), model->outputs[i].bytes);
    }
    return LITERT_OK;
}

/* Finds an operator's tensors; false where the file is not the one that this delegate was built for. */
static bool wire(litert_context *context, const edge_litert_node *own, kernel *k) {
    litert_node *node;
    litert_registration *registration;
    memset(k, 0, sizeof *k);
    k->node = own;
    if (context->get_node_and_registration(context, own->index, &node, &registration) != LITERT_OK ||
        registration->custom_name == NULL || strcmp(registration->custom_name, own->name) != 0 ||
        node->outputs->size != own->outputs) {
        return false;
    }
    for (unsigned i = 0; i < own->inputs; i++) {
        if (own->operand[i] >= node->inputs->size) {
            return false;
        }
        k->input[i] = node->inputs->data[own->operand[i]];
        if (context->tensors[k->input[i]].bytes != own->model->inputs[i].bytes) {
            return false;
        }
    }
    for (unsigned i = 0; i < own->outputs; i++) {
        k->output[i] = node->outputs->data[i];
        if (context->tensors[k->output[i]].bytes != own->model->outputs[i].bytes) {
            return false;
        }
    }
    return true;
}

static litert_status claim(litert_context *context, litert_delegate *delegate) {
    wiring *w = (void *)delegate;
    litert_registration registration;
    struct {
        int size;
        int data[1];
    } one = {1, {0}};
    memset(&registration, 0, sizeof registration);
    registration.init = init;
    registration.release = release;
    registration.prepare = prepare;
    registration.invoke = invoke;
    registration.custom_name = "edgesdk";
    registration.version = 1;
    for (unsigned i = 0; i < edge_litert_count; i++) {
        if (!wire(context, &edge_litert_nodes[i], &w->wired[i])) {
            context->report_error(context, "edgesdk: operator %d is not the one that this delegate was built for",
                                  edge_litert_nodes[i].index);
            return LITERT_ERROR;
        }
    }
    /* One by one: of neighbours in one partition the tensors between them would not exist. */
    for (unsigned i = 0; i < edge_litert_count; i++) {
        one.data[0] = edge_litert_nodes[i].index;
        if (context->replace_node_subsets(context, registration, (const litert_ints *)(const void *)&one, delegate) !=
            LITERT_OK) {
            return LITERT_ERROR;
        }
    }
    return LITERT_OK;
}

EXPORT litert_delegate *tflite_plugin_create_delegate(char **keys, char **values, size_t options,
                                                      void (*report_error)(const char *));
EXPORT void tflite_plugin_destroy_delegate(litert_delegate *delegate);

litert_delegate *tflite_plugin_create_delegate(char **keys, char **values, size_t options,
                                               void (*report_error)(const char *)) {
    (void)keys;
    (void)values;
    if (options > 0) {
        report_error("edgesdk: the delegate has no options");
        return NULL;
    }
    wiring *w = calloc(1, sizeof *w + edge_litert_count * sizeof *w->wired);
    if (w == NULL) {
        return NULL;
    }
    w->base.data = w;
    w->base.prepare = claim;
    w->base.flags = LITERT_ALLOW_DYNAMIC_TENSORS;
    return &w->base;
}

void tflite_plugin_destroy_delegate(litert_delegate *delegate) {
    free(delegate);
}
