/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "device/bo-device-facts.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/**
 * BoAdviceLevel:
 * @BO_ADVICE_PROBLEM: builds or probes will fail
 * @BO_ADVICE_WARNING: times will be worse, or differ from one day to the next
 * @BO_ADVICE_HINT: good to know
 */
typedef enum
{
  BO_ADVICE_PROBLEM,
  BO_ADVICE_WARNING,
  BO_ADVICE_HINT,
} BoAdviceLevel;

const char *bo_advice_level_to_string (BoAdviceLevel level);

/**
 * BoAdvice: what to do about a device before it is measured on
 * @id: stable id: "power-mode"
 * @level: how much it matters
 * @seen: what was seen there
 * @why: why it matters for the measurement
 * @command: (nullable): what the user would run on the device; Bakeoff never does
 */
typedef struct
{
  const char *id;
  BoAdviceLevel level;
  char *seen;
  char *why;
  char *command;
} BoAdvice;

void bo_advice_free (BoAdvice *advice);

GPtrArray *bo_device_advise (const BoDeviceFacts *facts, const BoStudy *study, gint64 peak_bytes);

G_END_DECLS
