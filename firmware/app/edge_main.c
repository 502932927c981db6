/* SPDX-License-Identifier: Apache-2.0 */
#include "edge_app.h"

int main(void) {
    edge_port_init();
    edge_app_start();
    for (;;) {
        edge_app_feed((uint8_t)edge_port_getc());
    }
}
