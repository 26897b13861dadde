/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-player.h"

typedef struct
{
  int folder_fd;
  int files_fd;  /* -1: files/ in the folder */
  const char *socket_path;
  const char *place;
  int parent_fd; /* -1: none */
  BoTelemetryOptions telemetry;
} BoPlayOptions;

int bo_campaign_play (const BoPlayOptions *options);
