/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "bo-journal-writer.h"

/*
 * What can end a campaign early: a signal (the engine or the machine goes
 * down), the end of the program that started the courier, and the user's command.
 */

typedef struct
{
  int signal_fd;
  int parent_fd;  /* -1: nobody's end is watched for */
  int folder_fd;
  int64_t next_look_us;

  int signal;     /* its number, or 0 */
  bool parent_gone;
  bool stop_after_trial;
  bool stop_now;
} BoAttention;

#define BO_ATTENTION_POLLS 2

int bo_attention_hold_signals (void);
bool bo_attention_init (BoAttention *attention, int folder_fd, int parent_fd);
void bo_attention_polls (const BoAttention *attention, struct pollfd *polls);
void bo_attention_turn (BoAttention *attention, const struct pollfd *polls, BoJournalWriter *journal);
const char *bo_attention_signal_name (const BoAttention *attention);
