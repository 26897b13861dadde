/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "insight/bo-diagnosis.h"

/* Each pattern is for its own sample and takes none of the others. */
static void
test_samples (void)
{
  const GPtrArray *known = bo_signatures_get_known ();

  g_assert_cmpuint (known->len, >=, 70);
  for (guint i = 0; i < known->len; i++)
    {
      const BoSignature *signature = g_ptr_array_index (known, i);

      g_assert_cmpstr (signature->cause, !=, "");
      g_assert_cmpstr (signature->advice, !=, "");
      g_assert_null (strpbrk (signature->cause, ".|`"));
      for (guint k = 0; k < known->len; k++)
        {
          const BoSignature *other = g_ptr_array_index (known, k);

          if (g_regex_match (signature->regex, other->sample, 0, NULL) != (i == k))
            g_error ("%s and the sample of %s", signature->id, other->id);
        }
    }
}

static void
test_order (gconstpointer data)
{
  static const struct
  {
    const char *log;
    const char *id;
    const char *evidence;
  } cases[] = {
    /* What pip prints for the brief's own row: the conflict, then its summary. */
    { "Collecting torch==2.6.0\n"
      "ERROR: Cannot install torch==2.6.0 and torchvision==0.17.0 because these package versions have "
      "conflicting dependencies.\n"
      "\n"
      "The conflict is caused by:\n"
      "    The user requested torch==2.6.0\n"
      "    torchvision 0.17.0 depends on torch==2.2.0\n"
      "\n"
      "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/\n",
      "pin-conflict",
      "ERROR: Cannot install torch==2.6.0 and torchvision==0.17.0 because these package versions have "
      "conflicting dependencies." },
    /* The generic line stands first, the specific one is the cause. */
    { "ERROR: Failed building wheel for sphn\n"
      "  CMake Error: Compatibility with CMake < 3.5 has been removed from CMake.\n"
      "The command returned a non-zero code: 137\n",
      "cmake4", "CMake Error: Compatibility with CMake < 3.5 has been removed from CMake." },
    /* Of two specific ones the first is the cause. */
    { "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'\n"
      "ERROR: Could not find a version that satisfies the requirement pip (from versions: none)\n",
      "dns", "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'" },
    /* A retry that may have succeeded explains nothing else. */
    { "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'\n"
      "error: command 'gcc' failed: No such file or directory\n",
      "no-gcc", "error: command 'gcc' failed: No such file or directory" },
    { "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'\n"
      "ERROR: Failed building wheel for sphn\n",
      "wheel-fail", "ERROR: Failed building wheel for sphn" },
    { "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'\n", "net-retry",
      "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'" },
    /* Colours and a progress bar around it. */
    { "  50%\r  100%\r\033[31mERROR: externally-managed-environment\033[0m\r\n", "pep668",
      "ERROR: externally-managed-environment" },
    { "all is well\n", NULL, NULL },
    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoDiagnosis) diagnosis = bo_diagnose_lines (cases[i].log);

      if (cases[i].id == NULL)
        {
          g_assert_null (diagnosis);
          continue;
        }
      g_assert_nonnull (diagnosis);
      g_assert_cmpstr (diagnosis->signature->id, ==, cases[i].id);
      g_assert_cmpstr (diagnosis->evidence, ==, cases[i].evidence);
      g_assert_cmpuint (diagnosis->details->len, ==, i == 0 ? 2 : 0);
      if (i == 0)
        g_assert_cmpstr (g_ptr_array_index (diagnosis->details, 1), ==, "torchvision 0.17.0 depends on torch==2.2.0");
    }
}

static void
test_plain (void)
{
  static const struct
  {
    const char *text;
    const char *plain;
  } cases[] = {
    { "plain", "plain" },
    { "\033[1;31mred\033[0m", "red" },
    { "\033]0;title\aafter", "after" },
    { "\033]8;;http://x\033\\link\033]8;;\033\\", "link" },
    { "10 %\r100 %", "100 %" },
    { "end\r", "end" },
    { "ab\b\bcé\bd", "cd" },
    { "\b\bx", "x" },
    { "a\tb\001c\xc2\x85" "d", "a bcd" },
    { "\033[", "" },
    { "\033", "" },
    { "\033]never ends", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = bo_log_line_plain (cases[i].text);

      g_assert_cmpstr (plain, ==, cases[i].plain);
    }
}

/* A line of a megabyte, of the shapes that make patterns with ".+" slow, is cut and done with quickly. */
static void
test_long_lines (void)
{
  g_autofree char *spaces = g_strnfill (1000000, ' ');
  g_autofree char *word = g_strnfill (1000000, 'E');
  g_autofree char *text = g_strconcat (spaces, "\nERROR: Cannot install ", word, "\nWARNING: Retrying (Retry(total=",
                                       spaces, "\n", NULL);
  g_autofree char *umlauts = NULL;
  GString *many = g_string_new ("x");
  gint64 start = g_get_monotonic_time ();

  g_assert_null (bo_diagnose_lines (text));
  for (guint i = 0; i < 10000; i++)
    g_string_append (many, "ü");
  g_string_append (many, "\nx: No space left on device ");
  for (guint i = 0; i < 1000; i++)
    g_string_append (many, "ü");
  umlauts = g_string_free (many, FALSE);
  {
    g_autoptr (BoDiagnosis) diagnosis = bo_diagnose_lines (umlauts);

    g_assert_nonnull (diagnosis);
    g_assert_cmpstr (diagnosis->signature->id, ==, "disk-full");
    g_assert_true (g_utf8_validate (diagnosis->evidence, -1, NULL));
    g_assert_cmpuint (strlen (diagnosis->evidence), <, 420);
  }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

static void
test_damaged (void)
{
  g_autoptr (GError) columns = NULL;
  g_autoptr (GError) level = NULL;
  g_autoptr (GError) regex = NULL;

  g_assert_null (bo_signatures_parse ("head\na\tb\n", &columns));
  g_assert_error (columns, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_null (bo_signatures_parse ("head\na\tb\tmaybe\tx\t\tc\td\te\n", &level));
  g_assert_error (level, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_null (bo_signatures_parse ("head\na\tb\tgeneric\t(\t\tc\td\te\n", &regex));
  g_assert_nonnull (regex);
}

/* Out of memory is claimed with the kernel's own count, and never without. */
static void
test_out_of_memory (void)
{
  static const struct
  {
    BoOutcome outcome;
    int exit_code;
    const char *error;
    const char *evidence;
    const char *id;
  } cases[] = {
    { BO_OUTCOME_FAILED, 137, "x", "the kernel killed 1 process", "out-of-memory" },
    { BO_OUTCOME_FAILED, -1, "returned a non-zero code: 137", "the kernel killed 1 process", "out-of-memory" },
    { BO_OUTCOME_FAILED, 2, "make: *** [all] Error 2\nKilled", "the kernel killed 1 process", "out-of-memory" },
    { BO_OUTCOME_FAILED, 1, "no such file", "the kernel killed 1 process", NULL },
    { BO_OUTCOME_FAILED, 137, "x", NULL, NULL },
    { BO_OUTCOME_SUCCEEDED, -1, "137", "the kernel killed 1 process", NULL },
    { BO_OUTCOME_INTERRUPTED, 137, "137", "the kernel killed 1 process", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoTrial) trial = bo_trial_new ();
      g_autoptr (BoDiagnosis) diagnosis = NULL;
      g_autoptr (BoDiagnosis) of_lines = bo_diagnose_lines ("returned a non-zero code: 137");
      BoStep *step = bo_step_new ();

      step->exit_code = cases[i].exit_code;
      g_ptr_array_add (trial->steps, step);
      trial->failed_step = 0;
      trial->outcome = cases[i].outcome;
      trial->error = g_strdup (cases[i].error);
      if (cases[i].evidence != NULL)
        bo_trial_add_flag (trial, "out-of-memory", cases[i].evidence);
      diagnosis = bo_diagnose_evidence (trial);
      g_assert_cmpstr (diagnosis != NULL ? diagnosis->signature->id : NULL, ==, cases[i].id);
      if (diagnosis != NULL)
        g_assert_cmpstr (diagnosis->evidence, ==, cases[i].evidence);
      g_assert_null (strstr (of_lines->signature->cause, "memory"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/samples", test_samples);
  g_test_add_data_func ("/diagnosis/order", NULL, test_order);
  g_test_add_func ("/diagnosis/plain", test_plain);
  g_test_add_func ("/diagnosis/long-lines", test_long_lines);
  g_test_add_func ("/diagnosis/damaged", test_damaged);
  g_test_add_func ("/diagnosis/out-of-memory", test_out_of_memory);
  return g_test_run ();
}
