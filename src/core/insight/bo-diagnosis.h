/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * Why a step failed, read off the log of that step: a list of known messages
 * (data/signatures.tsv), each with what it means and what to do.
 */

/**
 * BoSignatureLevel:
 * @BO_SIGNATURE_SPECIFIC: names a cause; the first in time is the cause, later ones are its consequences
 * @BO_SIGNATURE_GENERIC: says only that something failed; believed when nothing specific is there
 * @BO_SIGNATURE_WARNING: need not be fatal; believed when there is nothing else
 */
typedef enum
{
  BO_SIGNATURE_SPECIFIC,
  BO_SIGNATURE_GENERIC,
  BO_SIGNATURE_WARNING,
} BoSignatureLevel;

#define BO_N_SIGNATURE_LEVELS 3

/**
 * BoSignature:
 * @id: stable id ("pin-conflict")
 * @group: what it is about ("network", "memory", ...)
 * @level: how much it says
 * @regex: what a line must hold
 * @detail: (nullable): lines that belong to the evidence, wherever they are
 * @cause: in English, for people: what went wrong, as a part of a sentence
 * @advice: in English: what to do, as sentences
 * @sample: a line that it is for
 */
typedef struct
{
  char *id;
  char *group;
  BoSignatureLevel level;
  GRegex *regex;
  GRegex *detail;
  char *cause;
  char *advice;
  char *sample;
} BoSignature;

GPtrArray *bo_signatures_parse (const char *text, GError **error);
const GPtrArray *bo_signatures_get_known (void);

/**
 * BoDiagnosis: the likely cause
 * @signature: (transfer none): the known message
 * @evidence: the line that says so, without colours
 * @details: (element-type utf8): further lines that belong to it
 */
typedef struct
{
  const BoSignature *signature;
  char *evidence;
  GPtrArray *details;
} BoDiagnosis;

typedef struct _BoDiagnoser BoDiagnoser;

BoDiagnoser *bo_diagnoser_new (const GPtrArray *signatures);
void bo_diagnoser_free (BoDiagnoser *diagnoser);
void bo_diagnoser_feed (BoDiagnoser *diagnoser, const char *line);
void bo_diagnoser_feed_errors (BoDiagnoser *diagnoser, const BoTrial *trial);
BoDiagnosis *bo_diagnoser_finish (BoDiagnoser *diagnoser);

BoDiagnosis *bo_diagnose_lines (const char *text);
BoDiagnosis *bo_diagnose_evidence (const BoTrial *trial);
void bo_diagnosis_free (BoDiagnosis *diagnosis);

char *bo_log_line_plain (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDiagnoser, bo_diagnoser_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDiagnosis, bo_diagnosis_free)

G_END_DECLS
