/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

char *bo_docker_command_new (BoStudy *study, const BoCell *cell, const char *device_url);

G_END_DECLS
