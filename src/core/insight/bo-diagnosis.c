/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-diagnosis"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "insight/bo-diagnosis.h"
#include "insight/bo-insight-resources.h"

#define SIGNATURES_PATH "/io/github/bakeoff/insight/signatures.tsv"
#define N_COLUMNS 8

/* A message of a compiler or of pip stands at the beginning of its line, not 4 kB into it. */
#define LINE_MAX_BYTES 4096
/* Enough for pip's "depends on" lines of a conflict between two or three packages. */
#define DETAILS_MAX 4
/* Detail lines may stand before the line that they belong to, or in any distance after it. */
#define EVIDENCE_MAX 400

struct _BoDiagnoser
{
  const GPtrArray *signatures;
  BoDiagnosis *found[BO_N_SIGNATURE_LEVELS];
  /* (element-type GPtrArray): detail lines of each signature that asks for them, by index */
  GPtrArray **details;
};

static void
signature_free (BoSignature *signature)
{
  g_free (signature->id);
  g_free (signature->group);
  g_clear_pointer (&signature->regex, g_regex_unref);
  g_clear_pointer (&signature->detail, g_regex_unref);
  g_free (signature->cause);
  g_free (signature->advice);
  g_free (signature->sample);
  g_free (signature);
}

static gboolean
parse_level (const char *text, BoSignatureLevel *level)
{
  static const char *const names[] = { "specific", "generic", "warning" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i]))
      {
        *level = (BoSignatureLevel) i;
        return TRUE;
      }
  return FALSE;
}

static BoSignature *
parse_line (const char *line, GError **error)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  BoSignature *signature;

  if (g_strv_length (fields) != N_COLUMNS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "expected %d columns: %s", N_COLUMNS, line);
      return NULL;
    }

  signature = g_new0 (BoSignature, 1);
  signature->id = g_strdup (fields[0]);
  signature->group = g_strdup (fields[1]);
  signature->cause = g_strdup (fields[5]);
  signature->advice = g_strdup (fields[6]);
  signature->sample = g_strdup (fields[7]);
  if (!parse_level (fields[2], &signature->level))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: no such level: %s", fields[0], fields[2]);
      signature_free (signature);
      return NULL;
    }
  signature->regex = g_regex_new (fields[3], G_REGEX_OPTIMIZE, 0, error);
  if (signature->regex != NULL && fields[4][0] != '\0')
    signature->detail = g_regex_new (fields[4], G_REGEX_OPTIMIZE, 0, error);
  if (signature->regex == NULL || (fields[4][0] != '\0' && signature->detail == NULL))
    {
      g_prefix_error (error, "%s: ", fields[0]);
      signature_free (signature);
      return NULL;
    }
  return signature;
}

/**
 * bo_signatures_parse:
 * @text: lines of tab-separated values, the first one naming the columns:
 *   id, class, level, regex, detail, cause, advice, sample
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type BoSignature): the signatures in the
 *   order of the file, or %NULL when one of them is wrong
 */
GPtrArray *
bo_signatures_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) signatures = g_ptr_array_new_with_free_func ((GDestroyNotify) signature_free);
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; i < g_strv_length (lines); i++)
    {
      BoSignature *signature;

      if (lines[i][0] == '\0')
        continue;
      signature = parse_line (lines[i], error);
      if (signature == NULL)
        return NULL;
      g_ptr_array_add (signatures, signature);
    }
  return g_steal_pointer (&signatures);
}

/**
 * bo_signatures_get_known:
 *
 * Returns: (transfer none) (element-type BoSignature): those that come with
 *   Bakeoff; they are never freed, and any thread may read them
 */
const GPtrArray *
bo_signatures_get_known (void)
{
  static GPtrArray *known = NULL;

  if (g_once_init_enter (&known))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;
      GPtrArray *parsed;

      bytes = g_resource_lookup_data (bo_insight_get_resource (), SIGNATURES_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                      &error);
      /* A resource's bytes end with a NUL that their size leaves out. */
      parsed = bytes != NULL ? bo_signatures_parse (g_bytes_get_data (bytes, NULL), &error) : NULL;
      if (parsed == NULL)
        g_error ("the list of known failures is damaged: %s", error->message);
      g_once_init_leave (&known, parsed);
    }
  return known;
}

/**
 * bo_log_line_plain:
 * @text: a line of a log, valid UTF-8
 *
 * Takes away what a terminal would act on: colours and other escape
 * sequences, carriage returns with what they overwrite, backspaces and all
 * other control characters.
 *
 * Returns: (transfer full): what a person would have read
 */
char *
bo_log_line_plain (const char *text)
{
  GString *plain = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0';)
    {
      gunichar c = g_utf8_get_char (p);

      if (*p == '\033' && p[1] == '[')
        {
          /* CSI: parameters and intermediates up to a final byte of 0x40…0x7e (ECMA-48, 5.4). */
          p += 2;
          while (*p >= 0x20 && *p <= 0x3f)
            p++;
          if (*p >= 0x40 && *p <= 0x7e)
            p++;
          continue;
        }
      if (*p == '\033' && p[1] == ']')
        {
          /* OSC: up to BEL or ESC \. */
          p += 2;
          while (*p != '\0' && *p != '\a' && !(*p == '\033' && p[1] == '\\'))
            p++;
          p += *p == '\a' ? 1 : *p == '\033' ? 2 : 0;
          continue;
        }
      if (*p == '\r' && p[1] != '\0')
        g_string_truncate (plain, 0);
      else if (*p == '\b')
        g_string_truncate (plain, plain->len > 0
                                    ? (gsize) (g_utf8_prev_char (plain->str + plain->len) - plain->str)
                                    : 0);
      else if (*p == '\t')
        g_string_append_c (plain, ' ');
      else if (!g_unichar_iscntrl (c))
        g_string_append_unichar (plain, c);
      p = g_utf8_next_char (p);
    }
  return g_string_free (plain, FALSE);
}

/* Shortens to whole characters. */
static char *
shorten (const char *text, gsize max)
{
  const char *end = text;

  if (strlen (text) <= max)
    return g_strdup (text);
  while (g_utf8_next_char (end) <= text + max)
    end = g_utf8_next_char (end);
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

/**
 * bo_diagnoser_new:
 * @signatures: (element-type BoSignature): from bo_signatures_get_known()
 *
 * Returns: (transfer full): a diagnoser for the log of one failed step
 */
BoDiagnoser *
bo_diagnoser_new (const GPtrArray *signatures)
{
  BoDiagnoser *self = g_new0 (BoDiagnoser, 1);

  g_return_val_if_fail (signatures != NULL, self);

  self->signatures = signatures;
  self->details = g_new0 (GPtrArray *, signatures->len);
  return self;
}

void
bo_diagnoser_free (BoDiagnoser *diagnoser)
{
  if (diagnoser == NULL)
    return;
  for (guint i = 0; i < BO_N_SIGNATURE_LEVELS; i++)
    bo_diagnosis_free (diagnoser->found[i]);
  if (diagnoser->signatures != NULL)
    for (guint i = 0; i < diagnoser->signatures->len; i++)
      g_clear_pointer (&diagnoser->details[i], g_ptr_array_unref);
  g_free (diagnoser->details);
  g_free (diagnoser);
}

static void
keep_detail (BoDiagnoser *self, guint index, const char *line)
{
  if (self->details[index] == NULL)
    self->details[index] = g_ptr_array_new_with_free_func (g_free);
  if (self->details[index]->len < DETAILS_MAX)
    g_ptr_array_add (self->details[index], g_strstrip (shorten (line, EVIDENCE_MAX)));
}

/**
 * bo_diagnoser_feed:
 * @diagnoser: a diagnoser
 * @line: the next line of the failed step's log, in time; valid UTF-8
 *
 * Only lines of the step that failed may be fed: "not found" in a step that
 * went well says nothing.
 */
void
bo_diagnoser_feed (BoDiagnoser *diagnoser, const char *line)
{
  g_autofree char *plain = NULL;

  g_return_if_fail (diagnoser != NULL && line != NULL);

  plain = bo_log_line_plain (line);
  if (strlen (plain) > LINE_MAX_BYTES)
    {
      char *end = g_utf8_find_prev_char (plain, plain + LINE_MAX_BYTES);

      *end = '\0';
    }

  for (guint i = 0; i < diagnoser->signatures->len; i++)
    {
      const BoSignature *signature = g_ptr_array_index (diagnoser->signatures, i);
      BoDiagnosis **found = &diagnoser->found[signature->level];

      if (signature->detail != NULL && g_regex_match (signature->detail, plain, 0, NULL))
        keep_detail (diagnoser, i, plain);
      /* The first in time of each level stays. */
      if (*found != NULL || !g_regex_match (signature->regex, plain, 0, NULL))
        continue;
      *found = g_new0 (BoDiagnosis, 1);
      (*found)->signature = signature;
      (*found)->evidence = g_strstrip (shorten (plain, EVIDENCE_MAX));
    }
}

/**
 * bo_diagnoser_feed_errors:
 * @diagnoser: a diagnoser that was fed the log of the step that failed
 * @trial: the trial that failed
 *
 * What the engine itself said of the failure comes after what the step wrote.
 */
void
bo_diagnoser_feed_errors (BoDiagnoser *diagnoser, const BoTrial *trial)
{
  const char *texts[] = { NULL, NULL, NULL };

  g_return_if_fail (diagnoser != NULL && trial != NULL);

  if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    texts[0] = ((const BoStep *) g_ptr_array_index (trial->steps, trial->failed_step))->error;
  texts[1] = trial->error;
  texts[2] = trial->reason;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (GStrv) lines = texts[i] != NULL ? g_strsplit (texts[i], "\n", -1) : NULL;

      for (guint k = 0; lines != NULL && lines[k] != NULL; k++)
        bo_diagnoser_feed (diagnoser, lines[k]);
    }
}

/**
 * bo_diagnoser_finish:
 * @diagnoser: a diagnoser that was fed the whole log
 *
 * Returns: (nullable) (transfer full): the cause, or %NULL when no line is a known message
 */
BoDiagnosis *
bo_diagnoser_finish (BoDiagnoser *diagnoser)
{
  g_return_val_if_fail (diagnoser != NULL, NULL);

  for (guint level = 0; level < BO_N_SIGNATURE_LEVELS; level++)
    {
      BoDiagnosis *diagnosis = g_steal_pointer (&diagnoser->found[level]);

      if (diagnosis == NULL)
        continue;
      for (guint i = 0; i < diagnoser->signatures->len; i++)
        if (g_ptr_array_index (diagnoser->signatures, i) == diagnosis->signature)
          diagnosis->details = g_steal_pointer (&diagnoser->details[i]);
      if (diagnosis->details == NULL)
        diagnosis->details = g_ptr_array_new_with_free_func (g_free);
      return diagnosis;
    }
  return NULL;
}

/**
 * bo_diagnose_lines:
 * @text: several lines, the tail of a probe's output or an engine's error, say; valid UTF-8
 *
 * Returns: (nullable) (transfer full): the cause that they name
 */
BoDiagnosis *
bo_diagnose_lines (const char *text)
{
  g_autoptr (BoDiagnoser) diagnoser = bo_diagnoser_new (bo_signatures_get_known ());
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    bo_diagnoser_feed (diagnoser, lines[i]);
  return bo_diagnoser_finish (diagnoser);
}

/* Whether what the engine said of a failure is what it says of a process that was killed. */
static gboolean
was_killed (const BoTrial *trial)
{
  const char *texts[] = { trial->error, trial->reason, NULL };

  if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);

      if (step->exit_code == 137)
        return TRUE;
      texts[2] = step->error;
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL
        && g_regex_match_simple ("\\b137\\b|\\bKilled\\b|signal 9\\b", texts[i], G_REGEX_OPTIMIZE, 0))
      return TRUE;
  return FALSE;
}

/**
 * bo_diagnose_evidence:
 * @trial: a trial
 *
 * That memory ran out is claimed only when the kernel counted a process that
 * it killed for it during the build, and the build failed as one does whose process was killed.
 * That weighs more than any line of a log.
 *
 * Returns: (nullable) (transfer full): the cause that the record proves
 */
BoDiagnosis *
bo_diagnose_evidence (const BoTrial *trial)
{
  static const BoSignature out_of_memory = {
    .id = (char *) "out-of-memory",
    .group = (char *) "memory",
    .level = BO_SIGNATURE_SPECIFIC,
    .cause = (char *) N_ ("out of memory"),
    .advice = (char *) N_ ("Compile with fewer jobs (MAX_JOBS, CMAKE_BUILD_PARALLEL_LEVEL), add swap on a fast disk, stop "
                           "what else runs on the device, or use a wheel."),
  };
  const char *evidence;
  BoDiagnosis *diagnosis;

  g_return_val_if_fail (trial != NULL, NULL);

  evidence = bo_trial_get_evidence (trial, "out-of-memory");
  if (trial->outcome != BO_OUTCOME_FAILED || !bo_trial_has_flag (trial, "out-of-memory") || evidence == NULL
      || !was_killed (trial))
    return NULL;
  diagnosis = g_new0 (BoDiagnosis, 1);
  diagnosis->signature = &out_of_memory;
  diagnosis->evidence = g_strdup (evidence);
  diagnosis->details = g_ptr_array_new_with_free_func (g_free);
  return diagnosis;
}

void
bo_diagnosis_free (BoDiagnosis *diagnosis)
{
  if (diagnosis == NULL)
    return;
  g_free (diagnosis->evidence);
  g_clear_pointer (&diagnosis->details, g_ptr_array_unref);
  g_free (diagnosis);
}
