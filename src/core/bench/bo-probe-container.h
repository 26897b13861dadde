/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * What a probe's container is: the body of POST /containers/create. A pure
 * function of the study's words, so that it is tested as text.
 */

/**
 * BoProbeScripts: the probes' own programs
 * @cuda_python: data/probes/cuda.py
 * @cuda_shell: data/probes/cuda.sh, for images without Python
 * @imports_python: data/probes/imports.py
 */
typedef struct
{
  const char *cuda_python;
  const char *cuda_shell;
  const char *imports_python;
} BoProbeScripts;

BoProbeScripts bo_probe_scripts_get_builtin (void);

char *bo_probe_container_to_json (const BoProbe *probe,
                                  const BoRunOptions *run,
                                  const char *image,
                                  const char *base_image,
                                  const char *campaign_id,
                                  const char *trial_id,
                                  const BoProbeScripts *scripts);

G_END_DECLS
