/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "device/bo-device-advice.h"

G_BEGIN_DECLS

/* What could be better about a device, why, and the command that a person may run there. */
GtkWidget *bo_advice_row_new (const BoAdvice *advice);

G_END_DECLS
