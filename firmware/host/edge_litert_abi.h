/* SPDX-License-Identifier: Apache-2.0 */
/* What a LiteRT delegate needs of the runtime's C interface, declared anew: the interface is one of structs, and
 * nothing is linked. The layouts are those of TensorFlow Lite 2.14 to 2.21 and LiteRT 1.2 to 2.3
 * (tensorflow/lite/core/c/common.h); of structs that the runtime makes, only the members up to the last one used are
 * here. */
#ifndef EDGE_LITERT_ABI_H
#define EDGE_LITERT_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum litert_status { LITERT_OK = 0, LITERT_ERROR = 1 } litert_status;

typedef struct litert_ints {
    int size;
    int data[];
} litert_ints;

typedef struct litert_tensor {
    int type;
    void *data;
    litert_ints *dims;
    struct {
        float scale;
        int32_t zero_point;
    } params;
    int allocation_type;
    size_t bytes;
    const void *allocation;
    const char *name;
    struct litert_delegate *delegate;
    int buffer_handle;
    bool data_is_stale;
    bool is_variable;
    struct {
        int type;
        void *params;
    } quantization;
    void *sparsity;
    const litert_ints *dims_signature;
} litert_tensor;

typedef struct litert_node {
    litert_ints *inputs;
    litert_ints *outputs;
    litert_ints *intermediates;
    litert_ints *temporaries;
    void *user_data;
} litert_node;

typedef struct litert_context litert_context;

/* Passed by value, so it must be as large as the largest of all versions; the tail is zero. */
typedef struct litert_registration {
    void *(*init)(litert_context *context, const char *buffer, size_t length);
    void (*release)(litert_context *context, void *buffer);
    litert_status (*prepare)(litert_context *context, litert_node *node);
    litert_status (*invoke)(litert_context *context, litert_node *node);
    const char *(*profiling_string)(const litert_context *context, const litert_node *node);
    int32_t builtin_code;
    const char *custom_name;
    int version;
    void *registration_external;
    void *async_kernel;
    uint64_t inplace_operator;
} litert_registration;

struct litert_context {
    size_t tensors_size;
    litert_status (*get_execution_plan)(litert_context *context, litert_ints **plan);
    litert_tensor *tensors;
    void *impl;
    litert_status (*resize_tensor)(litert_context *context, litert_tensor *tensor, litert_ints *size);
    void (*report_error)(litert_context *context, const char *format, ...);
    litert_status (*add_tensors)(litert_context *context, int count, int *first);
    litert_status (*get_node_and_registration)(litert_context *context, int index, litert_node **node,
                                               litert_registration **registration);
    litert_status (*replace_node_subsets)(litert_context *context, litert_registration registration,
                                          const litert_ints *nodes, struct litert_delegate *delegate);
};

enum { LITERT_ALLOW_DYNAMIC_TENSORS = 1 };

typedef struct litert_delegate {
    void *data;
    litert_status (*prepare)(litert_context *context, struct litert_delegate *delegate);
    litert_status (*copy_from_buffer)(litert_context *, struct litert_delegate *, int, litert_tensor *);
    litert_status (*copy_to_buffer)(litert_context *, struct litert_delegate *, int, litert_tensor *);
    void (*free_buffer)(litert_context *, struct litert_delegate *, int *);
    int64_t flags;
    void *opaque_builder;
} litert_delegate;

/* What a delegate kernel's init is given. */
typedef struct litert_delegate_params {
    litert_delegate *delegate;
    litert_ints *nodes;
    litert_ints *inputs;
    litert_ints *outputs;
} litert_delegate_params;

#endif
