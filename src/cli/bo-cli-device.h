/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-connection.h"

G_BEGIN_DECLS

int bo_cli_find_device (const char *command, const char *word, BoDeviceUrl **url);
void bo_cli_print_remedy (const GError *error);

G_END_DECLS
