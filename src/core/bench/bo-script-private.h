/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bench/bo-script.h"

G_BEGIN_DECLS

/* What a script is made of, for the file that makes it and the one that writes it. */

typedef enum
{
  BO_SCRIPT_ITEM_REQUEST,
  BO_SCRIPT_ITEM_SETTLE,
  BO_SCRIPT_ITEM_SWEEP_LIST,
  BO_SCRIPT_ITEM_SWEEP_PRUNE,
  BO_SCRIPT_ITEM_WAIT_EMPTY,
} BoScriptItemKind;

typedef struct
{
  char *id;
  BoScriptChainKind kind;
  GPtrArray *items;
} BoScriptChain;

/* One piece of a body: either bytes or the name of a recipe. */
typedef struct
{
  GBytes *bytes;
  char *recipe;
} BoScriptPiece;

struct _BoScriptItem
{
  guint number;
  BoScriptItemKind kind;
  char *about;
  char *method;
  char *path;
  char *prune_path;
  guint of;
  gint64 limit_us;
  GStrv needles;
  GPtrArray *headers;
  GArray *pieces;
  GArray *needs;
  GArray *unless;
  GArray *expect;
  gboolean trial_end;
  gboolean always;
};

typedef struct
{
  guint number;
  char *path;
} BoScriptWatch;

struct _BoScript
{
  char *campaign;
  GPtrArray *secrets;
  GArray *watches;
  GPtrArray *chains;
  guint last_number;
};

gboolean bo_script_is_word (const char *text);

G_END_DECLS
