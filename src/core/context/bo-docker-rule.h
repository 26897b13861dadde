/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "context/bo-ignore.h"

G_BEGIN_DECLS

BoIgnoreRule bo_docker_rule_from_version (const char *text);
BoIgnoreRule bo_docker_rule_detect (void);

G_END_DECLS
