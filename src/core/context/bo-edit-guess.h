/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "context/bo-context.h"
#include "context/bo-dockerfile.h"

G_BEGIN_DECLS

char *bo_edit_guess (BoDockerfile *dockerfile, BoContext *context, char **append);

G_END_DECLS
