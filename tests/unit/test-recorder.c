/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "journal/bo-recorder.h"

/* --- a journal made by hand: each message a millisecond after the one before --- */

typedef struct
{
  BoCampaign *campaign;
  BoRecorder *recorder;
  guint64 number;
  gint64 mono_us;
  guint32 request;
} Play;

static BoPlannedTrial *
add_planned (BoCampaign *campaign, BoTrialKind kind, const char *chain, guint repetition, BoBuilder builder)
{
  BoPlannedTrial *trial = bo_planned_trial_new ();

  trial->id = g_strdup_printf ("c.%u", campaign->trials->len + 1);
  trial->kind = kind;
  trial->cell = bo_cell_new ("original", "tiny", builder, BO_CONDITION_COLD);
  trial->chain = g_strdup (chain);
  trial->repetition = repetition;
  trial->prebuild = kind == BO_TRIAL_PREBUILD ? g_strdup ("torch-builder") : NULL;
  g_ptr_array_add (campaign->trials, trial);
  return trial;
}

static void
play_init (Play *play, BoBuilder builder)
{
  BoBaseImage *base = bo_base_image_new ();

  memset (play, 0, sizeof *play);
  play->campaign = bo_campaign_new ();
  play->campaign->id = g_strdup ("c");
  base->base = g_strdup ("tiny");
  base->size = 100;
  g_ptr_array_add (base->diff_ids, g_strdup ("sha256:b1"));
  g_ptr_array_add (play->campaign->bases, base);
  add_planned (play->campaign, BO_TRIAL_COUNTED, "c1", 1, builder);
  play->mono_us = 5000000;
}

static void
play_clear (Play *play)
{
  g_clear_pointer (&play->recorder, bo_recorder_free);
  g_clear_pointer (&play->campaign, bo_campaign_unref);
}

static void
say_bytes (Play *play, BoJournalType type, guint32 request, const char *bytes, gsize length)
{
  g_autofree char *copy = g_malloc (length + 1);
  BoJournalMessage message = {
    .type = type,
    .number = ++play->number,
    .wall_us = G_GINT64_CONSTANT (1764000000000000) + play->mono_us,
    .monotonic_us = play->mono_us,
    .request = request,
    .payload = copy,
    .length = length,
  };

  memcpy (copy, bytes, length);
  copy[length] = '\0';
  if (play->recorder == NULL)
    play->recorder = bo_recorder_new (play->campaign);
  bo_recorder_feed (play->recorder, &message);
  play->mono_us += 1000;
}

static void
say (Play *play, BoJournalType type, guint32 request, const char *text)
{
  say_bytes (play, type, request, text, strlen (text));
}

static void
ask (Play *play, const char *trial, const char *role, const char *more)
{
  g_autofree char *about
      = g_strdup_printf ("{\"trial\":\"%s\",\"role\":\"%s\"%s}", trial, role, more != NULL ? more : "");

  say (play, BO_JOURNAL_REQUEST, ++play->request, about);
}

static void
answer (Play *play, guint status, const char *body, const char *done)
{
  g_autofree char *head
      = g_strdup_printf ("HTTP/1.1 %u X\r\nContent-Type: application/json; charset=utf-8\r\n\r\n", status);

  say (play, BO_JOURNAL_HEAD, play->request, head);
  if (body != NULL)
    say (play, BO_JOURNAL_DATA, play->request, body);
  say (play, BO_JOURNAL_DONE, play->request, done);
}

static void
begin_build (Play *play, const char *trial)
{
  if (play->number == 0)
    say (play, BO_JOURNAL_START, 0, "begin");
  ask (play, trial, "build", NULL);
  say (play, BO_JOURNAL_SENT, play->request, "4096");
}

static BoTrial *
get (Play *play, const char *id)
{
  return bo_recorder_get_trial (play->recorder, id);
}

#define IMAGE "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define GOOD_STREAM                                                                                          \
  "{\"stream\":\"Step 1/2 : FROM tiny\"}\r\n{\"stream\":\"\\n\"}\r\n{\"stream\":\" ---\\u003e "              \
  "aaaaaaaaaaaa\\n\"}\r\n"                                                                                   \
  "{\"stream\":\"Step 2/2 : RUN make\"}\r\n{\"stream\":\"\\n\"}\r\n"                                         \
  "{\"stream\":\" ---\\u003e Running in cccccccccccc\\n\"}\r\n"                                              \
  "{\"stream\":\"one\\ntwo\"}\r\n{\"stream\":\"\\u001b[91mbad\\n\\u001b[0m\"}\r\n"                           \
  "{\"stream\":\"Removing intermediate container cccccccccccc\\n\"}\r\n"                                     \
  "{\"stream\":\" ---\\u003e bbbbbbbbbbbb\\n\"}\r\n"
#define RESULT                                                                                               \
  "{\"aux\":{\"ID\":\"" IMAGE "\"}}\r\n{\"stream\":\"Successfully built 0123456789ab\\n\"}\r\n"              \
  "{\"stream\":\"Successfully tagged bakeoff-c:t1\\n\"}\r\n"
#define IMAGE_JSON                                                                                           \
  "{\"Id\":\"" IMAGE "\",\"Size\":777,\"Architecture\":\"arm64\","                                           \
  "\"RootFS\":{\"Layers\":[\"sha256:b1\",\"sha256:n1\"]}}"

static void
settle (Play *play, const char *word)
{
  g_autofree char *note = g_strdup_printf ("settle %s", word);

  ask (play, "c.1", "settle", NULL);
  say (play, BO_JOURNAL_NOTE, play->request, note);
  say (play, BO_JOURNAL_DONE, play->request,
       g_str_equal (word, "ended") ? "lost the engine went away" : "ok");
}

static void
end (Play *play, const char *how)
{
  say (play, BO_JOURNAL_END, 0, how);
  bo_recorder_finish (play->recorder);
}

/* --- a classic build --- */

static void
test_classic (void)
{
  Play play;
  BoTrial *trial;
  const BoStep *step;

  play_init (&play, BO_BUILDER_CLASSIC);
  begin_build (&play, "c.1");
  answer (&play, 200, GOOD_STREAM RESULT, "ok 200");
  g_assert_cmpint (get (&play, "c.1")->outcome, ==, BO_OUTCOME_RUNNING);
  settle (&play, "quiet");
  ask (&play, "c.1", "image", NULL);
  answer (&play, 200, IMAGE_JSON, "ok 200");
  ask (&play, "c.1", "history", NULL);
  answer (&play, 200,
          "[{\"CreatedBy\":\"/bin/sh -c #(nop)  CMD [\\\"x\\\"]\",\"Size\":0},"
          "{\"CreatedBy\":\"/bin/sh -c make\",\"Size\":50},"
          "{\"CreatedBy\":\"/bin/sh -c #(nop)  LABEL a=b\",\"Size\":0},{\"CreatedBy\":\"\",\"Size\":100}]",
          "ok 200");
  end (&play, "finished");

  trial = get (&play, "c.1");
  g_assert_cmpint (bo_recorder_get_state (play.recorder), ==, BO_CAMPAIGN_FINISHED);
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_SUCCEEDED);
  g_assert_null (trial->reason);
  /* One DATA message holds all, so begin and result fall together. */
  g_assert_cmpint (trial->build_us, ==, 0);
  g_assert_cmpuint (trial->n_steps, ==, 2);
  g_assert_cmpuint (trial->steps->len, ==, 2);
  step = g_ptr_array_index (trial->steps, 1);
  g_assert_cmpstr (step->instruction, ==, "RUN make");
  g_assert_cmpuint (step->n_log_lines, ==, 3);
  g_assert_cmpuint (step->log->len, ==, 3);
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[0])->text, ==, "one");
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[1])->text, ==, "bad");
  g_assert_cmpint (((BoLogLine *) step->log->pdata[1])->stream, ==, 2);
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[2])->text, ==, "two");
  g_assert_cmpint (trial->image->size, ==, 150);
  g_assert_cmpint (trial->image->engine_size, ==, 777);
  g_assert_cmpint (trial->image->added_size, ==, 50);
  g_assert_cmpuint (trial->image->layers->len, ==, 4);
  g_assert_true (((BoLayer *) trial->image->layers->pdata[0])->from_base);
  g_assert_cmpstr (((BoLayer *) trial->image->layers->pdata[2])->diff_id, ==, "sha256:n1");
  g_assert_null (((BoLayer *) trial->image->layers->pdata[3])->diff_id);
  g_assert_cmpint (bo_trial_get_phase (trial, BO_PHASE_UPLOAD)->bytes, ==, 4096);
  g_assert_cmpuint (trial->flags->len, ==, 0);
  play_clear (&play);
}

/* Cut anywhere, the answer means the same. */
static void
test_split_anywhere (void)
{
  const char *stream = GOOD_STREAM RESULT;
  g_autofree char *expected = NULL;

  for (gsize cut = 0; cut < strlen (stream); cut++)
    {
      Play play;
      g_autofree char *text = NULL;

      play_init (&play, BO_BUILDER_CLASSIC);
      begin_build (&play, "c.1");
      say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
      say_bytes (&play, BO_JOURNAL_DATA, play.request, stream, cut);
      /* All at one moment, so that the times do not differ. */
      play.mono_us -= 1000;
      say (&play, BO_JOURNAL_DATA, play.request, stream + cut);
      say (&play, BO_JOURNAL_DONE, play.request, "ok 200");
      ask (&play, "c.1", "image", NULL);
      answer (&play, 200, IMAGE_JSON, "ok 200");
      text = bo_trial_to_json (get (&play, "c.1"));
      if (expected == NULL)
        expected = g_steal_pointer (&text);
      else
        g_assert_cmpstr (text, ==, expected);
      play_clear (&play);
    }
}

static void
test_hostile_lines (void)
{
  static const char *const expected[] = {
    "nul\357\277\275end", "half\357\277\275", "raw\357\277\275byte", "100%", "\033[1mbold\033[0m", "erased",
    "not JSON at all {[", "{\"stream\":",     "last without end",
  };
  g_autofree char *long_line = g_strnfill (100000, 'x');
  g_autoptr (GString) stream = g_string_new (NULL);
  Play play;
  const BoStep *step;

  g_string_append (stream, "{\"stream\":\"Step 1/1 : RUN x\"}\n{\"stream\":\"\\n\"}\n");
  /* Not the number that is due. */
  g_string_append (stream, "{\"stream\":\"Step 1/1 : RUN again\"}\n{\"stream\":\"\\n\"}\n");
  g_string_append (stream, "{\"stream\":\" ---\\u003e Running in cccccccccccc\\n\"}\n");
  g_string_append (stream, "{\"stream\":\"nul\\u0000end\\n\"}\n{\"stream\":\"half\\ud800\\n\"}\n");
  g_string_append (stream, "{\"stream\":\"raw\xff"
                           "byte\\n\"}\n");
  g_string_append (stream, "{\"stream\":\" 10%\\r 50%\"}\n{\"stream\":\"\\r100%\\r\\n\"}\n");
  g_string_append (stream,
                   "{\"stream\":\"\\u001b[1mbold\\u001b[0m\\n\"}\n{\"stream\":\"\\u001b[2Kerased\\n\"}\n");
  g_string_append (stream, "not JSON at all {[\n{\"stream\":\n[1,2]x\n");
  g_string_append_printf (stream, "{\"stream\":\"%s\\n\"}\n", long_line);
  /* The container says what only the builder may. */
  g_string_append (stream,
                   "{\"stream\":\"Step 2/1 : RUN y\"}\n{\"stream\":\"\\n ---\\u003e Using cache\\n\"}\n");
  g_string_append (stream, "{\"stream\":\"last without end\"}");

  play_init (&play, BO_BUILDER_CLASSIC);
  begin_build (&play, "c.1");
  answer (&play, 200, stream->str, "lost");
  end (&play, "engine-lost");
  g_assert_cmpint (get (&play, "c.1")->outcome, ==, BO_OUTCOME_INTERRUPTED);
  g_assert_cmpuint (get (&play, "c.1")->steps->len, ==, 1);
  step = g_ptr_array_index (get (&play, "c.1")->steps, 0);
  g_assert_false (step->cached);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      gboolean found = FALSE;

      for (guint k = 0; k < step->log->len; k++)
        found = found || g_str_equal (((BoLogLine *) step->log->pdata[k])->text, expected[i]);
      if (!found)
        g_test_message ("missing: %s", expected[i]);
      g_assert_true (found);
    }
  {
    gboolean found = FALSE;

    for (guint k = 0; k < step->log->len; k++)
      {
        const char *text = ((BoLogLine *) step->log->pdata[k])->text;

        g_assert_true (g_utf8_validate (text, -1, NULL));
        found = found || strlen (text) == 100000;
      }
    g_assert_true (found);
  }
  play_clear (&play);
}

/* A million lines do not stay in memory, and are counted. */
static void
test_many_lines (void)
{
  g_autoptr (GString) block = g_string_new (NULL);
  Play play;
  const BoStep *step;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (block, "{\"stream\":\"line %u\\n\"}\n", i);
  play_init (&play, BO_BUILDER_CLASSIC);
  begin_build (&play, "c.1");
  say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
  say (&play, BO_JOURNAL_DATA, play.request, "{\"stream\":\"Step 1/1 : RUN x\"}\n{\"stream\":\"\\n\"}\n");
  for (guint i = 0; i < 100; i++)
    say (&play, BO_JOURNAL_DATA, play.request, block->str);
  step = g_ptr_array_index (get (&play, "c.1")->steps, 0);
  g_assert_cmpuint (step->n_log_lines, ==, 100000);
  g_assert_cmpuint (step->log->len, ==, BO_RECORDER_KEEP_LINES);
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[BO_RECORDER_KEEP_LINES - 1])->text, ==, "line 999");
  play_clear (&play);
}

/* --- outcomes --- */

#define ERROR_137                                                                                            \
  "{\"errorDetail\":{\"code\":137,\"message\":\"returned a non-zero code: 137\"},\"error\":\"x\"}\n"
#define ERROR_42                                                                                             \
  "{\"errorDetail\":{\"code\":42,\"message\":\"returned a non-zero code: 42\"},\"error\":\"x\"}\n"
#define ERROR_PLAIN                                                                                          \
  "{\"errorDetail\":{\"message\":\"COPY failed: stat x\"},\"error\":\"COPY failed: stat x\"}\n"

static void
test_outcomes (void)
{
  static const struct
  {
    guint status;
    const char *body;
    const char *done;
    const char *settle; /* NULL: the journal ends after the build */
    gboolean signal;
    /* 0: the journal ends after that; 1: unreachable; 201: a good answer with another id */
    guint image_status;
    BoOutcome outcome;
    const char *words; /* in the reason */
  } cases[] = {
    { 200, GOOD_STREAM RESULT, "ok 200", "quiet", FALSE, 200, BO_OUTCOME_SUCCEEDED, NULL },
    { 200, GOOD_STREAM RESULT, "ok 200", "quiet", FALSE, 201, BO_OUTCOME_INTERRUPTED, "another image" },
    { 200, GOOD_STREAM RESULT, "ok 200", "quiet", FALSE, 404, BO_OUTCOME_INTERRUPTED, "does not have it" },
    { 200, GOOD_STREAM RESULT, "ok 200", "quiet", FALSE, 0, BO_OUTCOME_INTERRUPTED, "before its result" },
    { 200, GOOD_STREAM RESULT, "lost", "ended", FALSE, 0, BO_OUTCOME_INTERRUPTED, "connection" },
    /* The image of an early stage is not the result, and a clean end is no success. */
    { 200, GOOD_STREAM, "ok 200", "quiet", FALSE, 200, BO_OUTCOME_INTERRUPTED, "without a result" },
    { 200, "{\"stream\":\"Step 1/2 : FROM a\"}\n{\"aux\":{\"ID\":\"" IMAGE "\"}}\n", "ok 200", "quiet", FALSE,
      200, BO_OUTCOME_INTERRUPTED, "without a result" },
    { 200, GOOD_STREAM, "limit", "quiet", FALSE, 0, BO_OUTCOME_TIMED_OUT, "limit" },
    { 200, GOOD_STREAM, "stopped", "quiet", FALSE, 0, BO_OUTCOME_CANCELLED, "stopped" },
    { 200, GOOD_STREAM, "lost", "ended", FALSE, 0, BO_OUTCOME_INTERRUPTED, "connection" },
    { 0, NULL, "unreachable refused", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "refused" },
    { 200, GOOD_STREAM, "overflow chunk", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "not valid" },
    { 200, GOOD_STREAM, "signal", NULL, TRUE, 0, BO_OUTCOME_INTERRUPTED, "told to end" },
    { 200, GOOD_STREAM, "orphaned", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "gone" },
    { 200, GOOD_STREAM ERROR_42, "ok 200", "quiet", FALSE, 0, BO_OUTCOME_FAILED, "42" },
    { 200, GOOD_STREAM ERROR_42, "lost", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "connection" },
    /* It goes away without the words that are waited for. */
    { 200, GOOD_STREAM ERROR_PLAIN, "ok 200", "quiet", FALSE, 1, BO_OUTCOME_INTERRUPTED, "engine went away" },
    { 200, GOOD_STREAM ERROR_42, "ok 200", "quiet", FALSE, 1, BO_OUTCOME_INTERRUPTED, "engine went away" },
    { 200, GOOD_STREAM ERROR_42, "ok 200", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "engine went away" },
    { 200, GOOD_STREAM ERROR_PLAIN, "ok 200", "quiet", FALSE, 0, BO_OUTCOME_FAILED, "COPY failed" },
    { 200, GOOD_STREAM RESULT ERROR_PLAIN, "ok 200", "quiet", FALSE, 200, BO_OUTCOME_FAILED, "COPY failed" },
    /* 137 is what an engine says of the build in progress when it is shut down. */
    { 200, GOOD_STREAM ERROR_137, "ok 200", "held", FALSE, 0, BO_OUTCOME_FAILED, "137" },
    { 200, GOOD_STREAM ERROR_137, "ok 200", "quiet", FALSE, 0, BO_OUTCOME_FAILED, "137" },
    { 200, GOOD_STREAM ERROR_137, "ok 200", "ended", FALSE, 0, BO_OUTCOME_INTERRUPTED, "engine went away" },
    { 200, GOOD_STREAM ERROR_137, "ok 200", "held", TRUE, 0, BO_OUTCOME_INTERRUPTED, "told to end" },
    { 200, GOOD_STREAM ERROR_137, "ok 200", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "engine went away" },
    { 200, GOOD_STREAM ERROR_137, "lost", NULL, FALSE, 0, BO_OUTCOME_INTERRUPTED, "connection" },
    { 200, GOOD_STREAM "{\"errorDetail\":{\"message\":\"x: context canceled\"}}\n", "ok 200", "ended", FALSE,
      0, BO_OUTCOME_INTERRUPTED, "engine went away" },
    { 400, "{\"message\":\"dockerfile parse error line 3: unknown instruction: RUNN\"}\n", "status 400",
      "quiet", FALSE, 0, BO_OUTCOME_FAILED, "unknown instruction: RUNN" },
    { 500, "plain words\n", "status 500", "quiet", FALSE, 0, BO_OUTCOME_FAILED, "plain words" },
    { 400, "{\"message\":\"buildkit is not supported by daemon\"}", "status 400", "quiet", FALSE, 0,
      BO_OUTCOME_UNSUPPORTED, "not supported" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Play play;
      BoTrial *trial;

      g_test_message ("case %u", i);
      play_init (&play, BO_BUILDER_CLASSIC);
      begin_build (&play, "c.1");
      if (cases[i].signal)
        say (&play, BO_JOURNAL_SIGNAL, 0, "SIGTERM");
      if (cases[i].status != 0)
        answer (&play, cases[i].status, cases[i].body, cases[i].done);
      else
        say (&play, BO_JOURNAL_DONE, play.request, cases[i].done);
      if (cases[i].settle != NULL)
        settle (&play, cases[i].settle);
      if (cases[i].image_status == 1)
        {
          ask (&play, "c.1", "image", NULL);
          say (&play, BO_JOURNAL_DONE, play.request, "unreachable refused");
        }
      else if (cases[i].image_status == 201)
        {
          ask (&play, "c.1", "image", NULL);
          answer (&play, 200, "{\"Id\":\"sha256:ffffffffffffffff\"}", "ok 200");
        }
      else if (cases[i].outcome == BO_OUTCOME_FAILED)
        {
          ask (&play, "c.1", "remove-image", NULL);
          answer (&play, 404, "{}", "ok 404");
        }
      else if (cases[i].image_status != 0)
        {
          ask (&play, "c.1", "image", NULL);
          answer (&play, cases[i].image_status,
                  cases[i].image_status == 200 ? IMAGE_JSON : "{\"message\":\"no such image\"}",
                  cases[i].image_status == 200 ? "ok 200" : "status 404");
        }
      bo_recorder_finish (play.recorder);
      trial = get (&play, "c.1");
      g_test_message ("%s: %s", bo_outcome_to_string (trial->outcome), trial->reason);
      g_assert_cmpstr (bo_outcome_to_string (trial->outcome), ==, bo_outcome_to_string (cases[i].outcome));
      if (cases[i].words != NULL)
        g_assert_nonnull (strstr (trial->reason, cases[i].words));
      g_assert_true ((trial->build_us >= 0) == (trial->outcome == BO_OUTCOME_SUCCEEDED));
      /* Nobody saw memory run out. */
      g_assert_true (trial->reason == NULL || strstr (trial->reason, "memory") == NULL);
      play_clear (&play);
    }
}

static void
test_reasons (void)
{
  static const struct
  {
    const char *lines;
    const char *reason;
  } cases[] = {
    { "{\"stream\":\"ERROR: Cannot install a==1 and b==2 because these conflict\\n\"}\n"
      "{\"stream\":\"ERROR: ResolutionImpossible: for help visit\\n\"}\n{\"stream\":\"more\\n\"}\n",
      "ERROR: Cannot install a==1 and b==2 because these conflict" },
    { "{\"stream\":\"x.c:1: error: first\\n\"}\n{\"stream\":\"\\u001b[91m\\u001b[1merror: "
      "last\\u001b[0m\\n\\u001b[0m\"}\n",
      "error: last" },
    { "{\"stream\":\"nothing of the kind\\n\"}\n", "returned a non-zero code: 42" },
    { "{\"stream\":\"Out of memory: Killed process 7 (cc1plus)\\n\"}\n",
      "Out of memory: Killed process 7 (cc1plus)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Play play;
      g_autofree char *stream = g_strconcat (
          "{\"stream\":\"Step 1/2 : RUN a\"}\n{\"stream\":\"\\n\"}\n{\"stream\":\"error: elsewhere\\n\"}\n"
          "{\"stream\":\"Step 2/2 : RUN b\"}\n{\"stream\":\"\\n\"}\n",
          cases[i].lines, ERROR_42, NULL);
      BoTrial *trial;

      play_init (&play, BO_BUILDER_CLASSIC);
      begin_build (&play, "c.1");
      answer (&play, 200, stream, "ok 200");
      settle (&play, "quiet");
      g_assert_cmpint (get (&play, "c.1")->outcome, ==, BO_OUTCOME_RUNNING);
      ask (&play, "c.1", "image", NULL);
      answer (&play, 404, "{}", "status 404");
      trial = get (&play, "c.1");
      g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_FAILED);
      g_assert_cmpstr (trial->reason, ==, cases[i].reason);
      g_assert_cmpint (trial->failed_step, ==, 1);
      g_assert_cmpint (((BoStep *) trial->steps->pdata[1])->exit_code, ==, 42);
      play_clear (&play);
    }
}

static void
skip (Play *play, const char *trial, const char *role, const char *why)
{
  g_autofree char *text = g_strdup_printf ("%s\n{\"trial\":\"%s\",\"role\":\"%s\"}", why, trial, role);

  say (play, BO_JOURNAL_SKIPPED, ++play->request, text);
}

static void
test_skips (void)
{
  Play play;

  play_init (&play, BO_BUILDER_CLASSIC);
  g_ptr_array_set_size (play.campaign->trials, 0);
  add_planned (play.campaign, BO_TRIAL_PREBUILD, "pre1", 1, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c1", 1, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c2", 1, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c3", 2, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c4", 1, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c5", 1, BO_BUILDER_CLASSIC);

  begin_build (&play, "c.1"); /* 1 */
  answer (&play, 200, GOOD_STREAM ERROR_42, "ok 200");
  ask (&play, "c.1", "image", NULL); /* 2 */
  answer (&play, 404, "{}", "status 404");
  skip (&play, "c.2", "build", "needs 2"); /* 3 */
  begin_build (&play, "c.3");              /* 4 */
  answer (&play, 200, GOOD_STREAM ERROR_42, "ok 200");
  ask (&play, "c.3", "image", NULL); /* 5 */
  answer (&play, 404, "{}", "status 404");
  skip (&play, "c.4", "build", "unless 5"); /* 6 */
  say (&play, BO_JOURNAL_COMMAND, 0, "stop-now");
  skip (&play, "c.5", "build", "stopping");
  end (&play, "stopped");

  g_assert_cmpint (get (&play, "c.1")->outcome, ==, BO_OUTCOME_FAILED);
  g_assert_cmpint (get (&play, "c.2")->outcome, ==, BO_OUTCOME_SKIPPED);
  g_assert_cmpstr (get (&play, "c.2")->reason, ==, "its prebuild torch-builder failed");
  g_assert_cmpint (get (&play, "c.4")->outcome, ==, BO_OUTCOME_SKIPPED);
  g_assert_cmpstr (get (&play, "c.4")->reason, ==, "failed in repetition 1; not tried again");
  g_assert_cmpint (get (&play, "c.5")->outcome, ==, BO_OUTCOME_CANCELLED);
  g_assert_cmpint (get (&play, "c.6")->outcome, ==, BO_OUTCOME_CANCELLED);
  g_assert_cmpint (bo_recorder_get_state (play.recorder), ==, BO_CAMPAIGN_STOPPED);
  play_clear (&play);
}

static void
test_base_image (void)
{
  Play play;

  play_init (&play, BO_BUILDER_CLASSIC);
  say (&play, BO_JOURNAL_START, 0, "begin");
  say (&play, BO_JOURNAL_REQUEST, ++play.request, "{\"role\":\"base-twin\"}"); /* 1 */
  answer (&play, 200, "{\"stream\":\"x\"}\n{\"errorDetail\":{\"message\":\"no space left on device\"}}\n",
          "ok 200");
  say (&play, BO_JOURNAL_REQUEST, ++play.request, "{\"role\":\"base-image\"}"); /* 2 */
  answer (&play, 404, "{\"message\":\"No such image\"}", "status 404");
  skip (&play, "c.1", "build", "needs 2");
  g_assert_cmpint (get (&play, "c.1")->outcome, ==, BO_OUTCOME_SKIPPED);
  g_assert_cmpstr (get (&play, "c.1")->reason, ==,
                   "its base image could not be prepared: no space left on device");
  play_clear (&play);
}

/* Since Docker 23.0 it is said in other words that a container was removed. */
static void
test_classic_removed (void)
{
  Play play;
  const BoStep *step;

  play_init (&play, BO_BUILDER_CLASSIC);
  begin_build (&play, "c.1");
  answer (&play, 200,
          "{\"stream\":\"Step 1/2 : RUN make\"}\n{\"stream\":\"\\n\"}\n"
          "{\"stream\":\" ---\\u003e Running in cccccccccccc\\n\"}\n{\"stream\":\"the end\"}\n"
          "{\"stream\":\" ---\\u003e Removed intermediate container cccccccccccc\\n\"}\n"
          "{\"stream\":\" ---\\u003e bbbbbbbbbbbb\\n\"}\n{\"stream\":\"Step 2/2 : CMD x\"}\n" RESULT,
          "ok 200");
  step = g_ptr_array_index (get (&play, "c.1")->steps, 0);
  g_assert_cmpuint (step->n_log_lines, ==, 1);
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[0])->text, ==, "the end");
  play_clear (&play);
}

/*
 * As Podman 4.3.1 answered: a stage that nothing needs is left out, each counts
 * anew, and all that the builder says itself comes as whole values.
 */
static void
test_podman (void)
{
  Play play;
  BoTrial *trial;
  static const char stream[]
      = "{\"stream\":\"[1/3] STEP 1/2: FROM tiny AS a\\n\"}\n"
        "{\"stream\":\"[1/3] STEP 2/2: RUN echo one\\n\"}\n"
        "{\"stream\":\"--\\u003e Using cache c39b8196ae648aeb39cf93c00513576f206eacd409f2ae1be029d8e3dcbaf112\\n\"}\n"
        "{\"stream\":\"--\\u003e c39b8196ae6\\n\"}\n"
        "{\"stream\":\"[3/3] STEP 1/4: FROM tiny\\n\"}\n"
        "{\"stream\":\"[3/3] STEP 2/4: COPY --from=a /one /one\\n\"}\n"
        "{\"stream\":\"--\\u003e 91c534d760c\\n\"}\n"
        "{\"stream\":\"[3/3] STEP 3/4: RUN printf\\n\"}\n"
        "{\"stream\":\"no end\"}\n";
  static const char rest[]
      = "{\"stream\":\"--\\u003e 1ad548ed792\\n\"}\n"
        "{\"stream\":\"[1/3] STEP 2/2: RUN as a RUN might print it\\n\"}\n"
        "{\"stream\":\"[3/3] STEP 4/4: CMD x\\n\"}\n"
        "{\"stream\":\"[3/3] COMMIT docker.io/library/bk:x\\n\"}\n"
        "{\"stream\":\"--\\u003e 5ad0d5181b9\\n\"}\n"
        "{\"stream\":\"Successfully tagged docker.io/library/bk:x\\n\"}\n"
        "{\"stream\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\\n\"}\n";
  static const guint n_lines[] = { 0, 0, 0, 0, 2, 0 };
  g_autofree char *good = g_strconcat (stream, rest, RESULT, NULL);
  g_autofree char *bad
      = g_strconcat (stream,
                     "{\"errorDetail\":{\"message\":\"building at STEP \\\"RUN printf\\\": while running runtime: exit "
                     "status 42\\n\"},\"error\":\"x\"}\n",
                     NULL);

  play_init (&play, BO_BUILDER_CLASSIC);
  begin_build (&play, "c.1");
  answer (&play, 200, good, "ok 200");
  settle (&play, "quiet");
  ask (&play, "c.1", "image", NULL);
  answer (&play, 200, IMAGE_JSON, "ok 200");
  bo_recorder_finish (play.recorder);
  trial = get (&play, "c.1");
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_SUCCEEDED);
  g_assert_cmpuint (trial->steps->len, ==, G_N_ELEMENTS (n_lines));
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      g_assert_cmpuint (step->n_log_lines, ==, n_lines[i]);
      g_assert_cmpint (step->cached, ==, i == 1);
      g_assert_cmpuint (step->number, ==, i < 2 ? i + 1 : i - 1);
    }
  play_clear (&play);

  play_init (&play, BO_BUILDER_CLASSIC);
  begin_build (&play, "c.1");
  answer (&play, 200, bad, "ok 200");
  settle (&play, "held");
  trial = get (&play, "c.1");
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_FAILED);
  g_assert_cmpint (trial->failed_step, ==, 4);
  g_assert_cmpint (((BoStep *) trial->steps->pdata[4])->exit_code, ==, 42);
  play_clear (&play);
}

/* --- times --- */

/* Lines come two seconds late; the engine's events come at once, and say when the step began and ended. */
static void
test_events (void)
{
  Play play;
  const BoStep *step;
  static const char *const lines[] = {
    "{\"stream\":\"Step 1/2 : RUN a\"}\n{\"stream\":\"\\n\"}\n{\"stream\":\" ---\\u003e Running in "
    "cccccccccccc\\n\"}\n",
    "{\"stream\":\"Removing intermediate container cccccccccccc\\n\"}\n{\"stream\":\" ---\\u003e "
    "bbbbbbbbbbbb\\n\"}\n",
    "{\"stream\":\"Step 2/2 : CMD x\"}\n{\"stream\":\"\\n\"}\n",
  };

  play_init (&play, BO_BUILDER_CLASSIC);
  say (&play, BO_JOURNAL_START, 0, "begin");
  say (&play, BO_JOURNAL_REQUEST, 99, "watch");
  begin_build (&play, "c.1");
  say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
  play.mono_us = 10000000;
  say (&play, BO_JOURNAL_DATA, play.request, lines[0]);
  play.mono_us = 10100000;
  say (&play, BO_JOURNAL_DATA, 99,
       "{\"Type\":\"container\",\"Action\":\"create\",\"timeNano\":1795503164000000000,\"Actor\":{\"ID\":"
       "\"ccccccccccccdddd\",\"Attributes\":{\"name\":\"x\"}}}\n"
       "{\"Type\":\"container\",\"Action\":\"start\",\"timeNano\":1795503164050000000,\"Actor\":{\"ID\":"
       "\"ccccccccccccdddd\",\"Attributes\":{\"name\":\"x\"}}}\n");
  play.mono_us = 13050000;
  say (&play, BO_JOURNAL_DATA, 99,
       "{\"Type\":\"container\",\"Action\":\"destroy\",\"timeNano\":1795503167000000000,\"Actor\":{\"ID\":"
       "\"ccccccccccccdddd\",\"Attributes\":{\"name\":\"x\"}}}\n");
  play.mono_us = 15000000;
  say (&play, BO_JOURNAL_DATA, play.request, lines[1]);
  say (&play, BO_JOURNAL_DATA, play.request, lines[2]);
  say (&play, BO_JOURNAL_DATA, play.request, RESULT);
  say (&play, BO_JOURNAL_DONE, play.request, "ok 200");
  step = g_ptr_array_index (get (&play, "c.1")->steps, 0);
  /* Least delay: 50 ms for "start" and "destroy", so "create" was at 10.05 s, after the line was read. */
  g_assert_cmpint (step->start_us, ==, 0);
  g_assert_cmpint (step->duration_us, ==, 3050000);
  step = g_ptr_array_index (get (&play, "c.1")->steps, 1);
  g_assert_cmpint (step->start_us, ==, 3050000);
  g_assert_false (bo_trial_has_flag (get (&play, "c.1"), "other-load"));

  /* Somebody else's container. */
  say (&play, BO_JOURNAL_DATA, 99,
       "{\"Type\":\"container\",\"Action\":\"start\",\"timeNano\":1795503168000000000,\"Actor\":{\"ID\":"
       "\"eeeeeeeeeeeeffff\",\"Attributes\":{\"name\":\"jupyter\"}}}\n"
       "{\"Type\":\"container\",\"Action\":\"start\",\"timeNano\":1795503168000000000,\"Actor\":{\"ID\":"
       "\"aaaaeeeeeeeeffff\",\"Attributes\":{\"name\":\"bakeoff-x-p0\"}}}\n");
  bo_recorder_finish (play.recorder);
  g_assert_true (bo_trial_has_flag (get (&play, "c.1"), "other-load"));
  play_clear (&play);
}

/* --- BuildKit, byte by byte --- */

static void
put_varint (GByteArray *bytes, guint64 value)
{
  do
    {
      guint8 byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);

      g_byte_array_append (bytes, &byte, 1);
      value >>= 7;
    }
  while (value > 0);
}

static void
put_bytes (GByteArray *bytes, guint field, const void *data, gsize length)
{
  put_varint (bytes, field << 3 | 2);
  put_varint (bytes, length);
  g_byte_array_append (bytes, data, (guint) length);
}

static void
put_text (GByteArray *bytes, guint field, const char *text)
{
  put_bytes (bytes, field, text, strlen (text));
}

static void
put_time (GByteArray *bytes, guint field, gint64 us)
{
  g_autoptr (GByteArray) stamp = g_byte_array_new ();

  put_varint (stamp, 1 << 3);
  put_varint (stamp, (guint64) us / G_USEC_PER_SEC);
  put_varint (stamp, 2 << 3);
  put_varint (stamp, (guint64) us % G_USEC_PER_SEC * 1000);
  put_bytes (bytes, field, stamp->data, stamp->len);
}

static char *
trace_line (GByteArray *response)
{
  g_autofree char *text = g_base64_encode (response->data, response->len);

  return g_strdup_printf ("{\"id\":\"moby.buildkit.trace\",\"aux\":\"%s\"}\n", text);
}

#define ENGINE_US (G_GINT64_CONSTANT (1795503164) * G_USEC_PER_SEC)

static void
say_vertex (Play *play,
            const char *digest,
            const char *name,
            gint64 begin,
            gint64 stop,
            gboolean cached,
            const char *error)
{
  g_autoptr (GByteArray) vertex = g_byte_array_new ();
  g_autoptr (GByteArray) response = g_byte_array_new ();
  g_autofree char *line = NULL;

  put_text (vertex, 1, digest);
  put_text (vertex, 2, "sha256:input");
  put_text (vertex, 3, name);
  put_varint (vertex, 4 << 3);
  put_varint (vertex, cached);
  if (begin >= 0)
    put_time (vertex, 5, ENGINE_US + begin);
  if (stop != -1)
    put_time (vertex, 6, ENGINE_US + stop);
  if (error != NULL)
    put_text (vertex, 7, error);
  put_text (vertex, 99, "a field of the future");
  put_bytes (response, 1, vertex->data, vertex->len);
  put_text (response, 42, "and another");
  line = trace_line (response);
  say (play, BO_JOURNAL_DATA, play->request, line);
}

static void
say_log (Play *play, const char *digest, gint64 when, guint stream, const char *text, gsize length)
{
  g_autoptr (GByteArray) log = g_byte_array_new ();
  g_autoptr (GByteArray) response = g_byte_array_new ();
  g_autofree char *line = NULL;

  put_text (log, 1, digest);
  put_time (log, 2, ENGINE_US + when);
  put_varint (log, 3 << 3);
  put_varint (log, stream);
  put_bytes (log, 4, text, length);
  put_bytes (response, 3, log->data, log->len);
  line = trace_line (response);
  say (play, BO_JOURNAL_DATA, play->request, line);
}

static void
test_buildkit (void)
{
  Play play;
  BoTrial *trial;
  const BoStep *step;
  static const char bytes[] = "one\ntw\0o\xff\n[output clipped, log limit 2MiB reached]\nthree";

  play_init (&play, BO_BUILDER_BUILDKIT);
  begin_build (&play, "c.1");
  say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
  play.mono_us = 10000000;
  say_vertex (&play, "d0", "[internal] load remote build context", -500000, 0, FALSE, NULL);
  play.mono_us = 10350000;
  say_vertex (&play, "d1", "[builder  1/12] FROM tiny", 0, 100000, FALSE, NULL);
  say_vertex (&play, "d1", "[builder  1/12] FROM tiny", 0, 100000, FALSE, NULL);
  say_vertex (&play, "d1", "[builder  1/12] FROM tiny", 200000, 200010, TRUE, NULL);
  say_vertex (&play, "d2", "[builder  2/12] RUN make", -1, -1, FALSE, NULL);
  say_vertex (&play, "d2", "[builder  2/12] RUN make", 300000, -1, FALSE, NULL);
  play.mono_us = 10500000;
  say_log (&play, "d2", 400000, 1, bytes, sizeof bytes - 1);
  say_log (&play, "nobody", 400000, 1, "x\n", 2);
  say (&play, BO_JOURNAL_DATA, play.request, "{\"id\":\"moby.buildkit.trace\",\"aux\":\"CnkKR3N\"}\n");
  say (&play, BO_JOURNAL_DATA, play.request, "{\"id\":\"moby.buildkit.trace\",\"aux\":7}\n");
  say (&play, BO_JOURNAL_DATA, play.request, "{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"" IMAGE "\"}}\n");
  say_vertex (&play, "d2", "[builder  2/12] RUN make", 300000, 450000, FALSE, NULL);
  say_vertex (&play, "d3", "[stage-1 2/2] COPY x y", 460000, 460001, TRUE, NULL);
  say (&play, BO_JOURNAL_DONE, play.request, "ok 200");
  ask (&play, "c.1", "image", NULL);
  answer (&play, 200, IMAGE_JSON, "ok 200");
  bo_recorder_finish (play.recorder);

  trial = get (&play, "c.1");
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_SUCCEEDED);
  g_assert_cmpuint (trial->steps->len, ==, 4);
  step = g_ptr_array_index (trial->steps, 0);
  g_assert_cmpuint (step->number, ==, 0);
  step = g_ptr_array_index (trial->steps, 1);
  g_assert_cmpstr (step->stage, ==, "builder");
  g_assert_cmpuint (step->number, ==, 1);
  g_assert_cmpuint (step->total, ==, 12);
  g_assert_false (step->cached);
  g_assert_cmpint (step->duration_us, ==, 100010);
  step = g_ptr_array_index (trial->steps, 2);
  g_assert_cmpint (step->duration_us, ==, 150000);
  g_assert_true (step->clipped);
  g_assert_true (bo_trial_has_flag (trial, "clipped-log"));
  g_assert_cmpuint (step->n_log_lines, ==, 4);
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[1])->text, ==, "tw\357\277\275o\357\277\275");
  g_assert_cmpstr (((BoLogLine *) step->log->pdata[3])->text, ==, "three");
  step = g_ptr_array_index (trial->steps, 3);
  g_assert_true (step->cached);
  play_clear (&play);
}

/* As Docker 26.1 tells of an edited build: from the last vertex to the first; and the failed one moves. */
static void
test_buildkit_order (void)
{
  Play play;
  BoTrial *trial;
  static const char *const instructions[] = { "[internal] load", "copy /context /", "COPY x y", "FROM tiny", "RUN one", "RUN two", "exporting" };

  play_init (&play, BO_BUILDER_BUILDKIT);
  begin_build (&play, "c.1");
  say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
  say_vertex (&play, "d0", "[internal] load", 0, 1000, FALSE, NULL);
  play.mono_us += 10000;
  say_vertex (&play, "d5", "[stage-1 2/2] COPY x y", 4000, 5000, FALSE, NULL);
  say_vertex (&play, "d4", "[builder 3/3] RUN two", 3000, 4700, FALSE, "process x: exit code: 42");
  say_vertex (&play, "d3", "copy /context /", 1000, 1500, FALSE, NULL);
  say_vertex (&play, "d2", "[builder 2/3] RUN one", 2000, 3000, FALSE, NULL);
  say_vertex (&play, "d1", "[builder 1/3] FROM tiny", 1000, 2000, TRUE, NULL);
  say_vertex (&play, "d6", "exporting", 6000, 7000, FALSE, NULL);
  say (&play, BO_JOURNAL_DATA, play.request,
       "{\"errorDetail\":{\"message\":\"failed to solve: process x: exit code: 42\"}}\n");
  trial = get (&play, "c.1");
  g_assert_cmpint (trial->failed_step, ==, 2);
  say (&play, BO_JOURNAL_DONE, play.request, "ok 200");
  settle (&play, "held");

  /* Stages in the order in which they were first told of, as nothing is known of the file here. */
  g_assert_cmpuint (trial->steps->len, ==, G_N_ELEMENTS (instructions));
  g_assert_cmpint (trial->failed_step, ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (instructions); i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      g_assert_cmpstr (step->instruction, ==, instructions[i]);
      g_assert_cmpint (step->cached, ==, i == 3);
      g_assert_cmpint (step->failed, ==, i == 5);
      if (i >= 1)
        g_assert_cmpint (step->duration_us, ==, i == 5 ? 1700 : i == 1 ? 500 : 1000);
    }
  play_clear (&play);
}

static void
test_buildkit_failure (void)
{
  Play play;
  BoTrial *trial;

  play_init (&play, BO_BUILDER_BUILDKIT);
  begin_build (&play, "c.1");
  say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
  say_vertex (&play, "d1", "[a 2/3] RUN sleep", 0, 100000, FALSE, "context canceled");
  say_vertex (&play, "d2", "[b 2/3] RUN exit 42", 0, 100000, FALSE,
              "executor failed running [x]: exit code: 42");
  say (&play, BO_JOURNAL_DATA, play.request,
       "{\"errorDetail\":{\"message\":\"failed to solve: executor failed running [x]: exit code: 42\"}}\n");
  say (&play, BO_JOURNAL_DONE, play.request, "ok 200");
  settle (&play, "held");
  trial = get (&play, "c.1");
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_FAILED);
  g_assert_cmpint (trial->failed_step, ==, 1);
  g_assert_cmpint (((BoStep *) trial->steps->pdata[1])->exit_code, ==, 42);
  g_assert_false (((BoStep *) trial->steps->pdata[0])->failed);
  play_clear (&play);

  /* A mistake in the Dockerfile: status 200, and no step. */
  play_init (&play, BO_BUILDER_BUILDKIT);
  begin_build (&play, "c.1");
  answer (&play, 200,
          "{\"errorDetail\":{\"message\":\"dockerfile parse error line 2: unknown instruction: X\"}}\n",
          "ok 200");
  settle (&play, "held");
  g_assert_cmpint (get (&play, "c.1")->outcome, ==, BO_OUTCOME_FAILED);
  g_assert_cmpint (get (&play, "c.1")->failed_step, ==, -1);
  play_clear (&play);
}

/* The engine's clock is set back, or ahead, in the middle: no step may last longer for it. */
static void
test_clock_step (void)
{
  static const gint64 jumps_s[] = { -3600, -300, 300, 3600 };

  for (guint k = 0; k < G_N_ELEMENTS (jumps_s); k++)
    {
      Play play;
      gint64 jump = jumps_s[k] * G_USEC_PER_SEC;
      BoTrial *trial;

      play_init (&play, BO_BUILDER_BUILDKIT);
      begin_build (&play, "c.1");
      say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
      say_vertex (&play, "d1", "[1/2] FROM tiny", 0, 1000, FALSE, NULL);
      say_vertex (&play, "d2", "[2/2] RUN make", 2000, -1, FALSE, NULL);
      play.mono_us += 3000000;
      say_vertex (&play, "d2", "[2/2] RUN make", 2000, 3002000 + jump, FALSE, NULL);
      say (&play, BO_JOURNAL_DONE, play.request, "lost");
      trial = get (&play, "c.1");
      g_assert_cmpint (((BoStep *) trial->steps->pdata[1])->duration_us, >, 2900000);
      for (guint i = 0; i < trial->steps->len; i++)
        {
          const BoStep *step = g_ptr_array_index (trial->steps, i);

          g_assert_cmpint (step->start_us, >=, 0);
          g_assert_cmpint (step->start_us, <, 4000000);
          g_assert_cmpint (step->duration_us, <, 4000000);
        }
      play_clear (&play);
    }
}

/* --- probes --- */

static void
append_frame (GByteArray *bytes, guint8 stream, const char *text)
{
  guint8 header[8] = { stream, 0, 0, 0, 0, 0, (guint8) (strlen (text) >> 8), (guint8) strlen (text) };

  g_byte_array_append (bytes, header, sizeof header);
  g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text));
}

static void
run_probe (Play *play,
           const char *create,
           guint create_status,
           const char *output,
           const char *wait,
           const char *state)
{
  g_autoptr (GByteArray) log = g_byte_array_new ();
  g_autofree char *inspect = g_strdup_printf ("{\"State\":{%s}}", state);

  ask (play, "c.1", "probe-create", ",\"probe\":0,\"run\":0");
  answer (play, create_status, create, create_status < 300 ? "ok" : "status 400");
  if (create_status < 300)
    {
      ask (play, "c.1", "probe-start", ",\"probe\":0,\"run\":0");
      answer (play, 204, NULL, "ok 204");
      ask (play, "c.1", "probe-wait", ",\"probe\":0,\"run\":0");
      answer (play, 200, "{\"Error\":null,\"StatusCode\":0}", wait);
      ask (play, "c.1", "probe-logs", ",\"probe\":0,\"run\":0");
      append_frame (log, 2, "noise\n");
      append_frame (log, 1, output);
      say (play, BO_JOURNAL_HEAD, play->request, "HTTP/1.1 200 OK\r\n\r\n");
      /* Frames are cut anywhere. */
      say_bytes (play, BO_JOURNAL_DATA, play->request, (const char *) log->data, 11);
      say_bytes (play, BO_JOURNAL_DATA, play->request, (const char *) log->data + 11, log->len - 11);
      say (play, BO_JOURNAL_DONE, play->request, "ok 200");
      ask (play, "c.1", "probe-inspect", ",\"probe\":0,\"run\":0");
      answer (play, 200, inspect, "ok 200");
    }
  ask (play, "c.1", "probe-remove", ",\"probe\":0,\"run\":0");
  answer (play, 204, NULL, "ok 204");
}

#define ENDED_WELL                                                                                           \
  "\"Running\":false,\"ExitCode\":0,\"OOMKilled\":false,\"StartedAt\":\"2026-11-24T08:10:11.229381714Z\","   \
  "\"FinishedAt\":\"2026-11-24T08:10:12.455873944Z\""
#define CUDA_FACTS                                                                                           \
  "bakeoff-probe {\"probe\":\"cuda\",\"start\":true,\"format\":1}\n"                                         \
  "bakeoff-probe {\"probe\":\"cuda\",\"level\":1,\"key\":\"device_name\",\"value\":\"SIMULATED GPU (x)\"}\n"

static void
test_probes (void)
{
  static const struct
  {
    BoProbeKind kind;
    const char *create;
    guint create_status;
    const char *output;
    const char *wait;
    const char *state;
    BoVerdict verdict;
    const char *level;
    const char *reason; /* a part of it */
  } cases[] = {
    { BO_PROBE_CUDA, "{}", 201, CUDA_FACTS "bakeoff-probe {\"end\":true,\"verdict\":\"yes\",\"level\":2}\n",
      "ok 200", ENDED_WELL, BO_VERDICT_YES, "kernel", NULL },
    { BO_PROBE_CUDA, "{}", 201,
      "bakeoff-probe {\"end\":true,\"verdict\":\"no\",\"level\":-1,\"reason\":\"no driver\",\"raw\":\"cannot "
      "open\"}\n",
      "ok 200", ENDED_WELL, BO_VERDICT_NO, "none", "no driver" },
    /* Cut off: never a yes. */
    { BO_PROBE_CUDA, "{}", 201, CUDA_FACTS, "ok 200", ENDED_WELL, BO_VERDICT_NONE, NULL,
      "without an answer" },
    { BO_PROBE_CUDA, "{}", 201, CUDA_FACTS, "limit", "\"Running\":false,\"ExitCode\":137", BO_VERDICT_NONE,
      NULL, "time limit" },
    { BO_PROBE_CUDA, "{\"message\":\"Unknown runtime specified nvidia\"}", 400, NULL, NULL, NULL,
      BO_VERDICT_UNSUPPORTED, NULL, "would not make" },
    { BO_PROBE_CUDA, "{\"message\":\"unknown or invalid runtime name: nvidia\"}", 400, NULL, NULL, NULL,
      BO_VERDICT_UNSUPPORTED, NULL, "would not make" },
    { BO_PROBE_CUDA, "{\"message\":\"invalid mount\"}", 400, NULL, NULL, NULL, BO_VERDICT_NO, NULL,
      "would not make" },
    { BO_PROBE_IMPORTS, "{}", 201,
      "bakeoff-probe {\"module\":\"torch\",\"ok\":true,\"version\":\"2.6\"}\n"
      "bakeoff-probe {\"module\":\"x\",\"ok\":false,\"exception\":\"ModuleNotFoundError\",\"text\":\"No "
      "module named 'x'\"}\n"
      "bakeoff-probe {\"end\":true,\"verdict\":\"no\",\"passed\":1,\"failed\":1}\n",
      "ok 200", ENDED_WELL, BO_VERDICT_NO, NULL, "x cannot be imported: ModuleNotFoundError" },
    { BO_PROBE_WORKLOAD, "{}", 201, "done\n", "ok 200", ENDED_WELL, BO_VERDICT_YES, NULL, NULL },
    { BO_PROBE_WORKLOAD, "{}", 201, "oops\n", "ok 200", "\"Running\":false,\"ExitCode\":3", BO_VERDICT_NO,
      NULL, "exit code 3" },
    { BO_PROBE_WORKLOAD, "{}", 201, "", "ok 200", "\"Running\":false,\"ExitCode\":137,\"OOMKilled\":true",
      BO_VERDICT_NO, NULL, "out of memory" },
    { BO_PROBE_WORKLOAD, "{}", 201, "", "ok 200", "\"Running\":false,\"ExitCode\":137,\"OOMKilled\":false",
      BO_VERDICT_NO, NULL, "killed from outside" },
    { BO_PROBE_WORKLOAD, "{}", 201, "", "limit", "\"Running\":false,\"ExitCode\":137", BO_VERDICT_NO, NULL,
      "time limit" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Play play;
      const BoProbeResult *result;

      g_test_message ("case %u", i);
      play_init (&play, BO_BUILDER_CLASSIC);
      g_ptr_array_add (((BoPlannedTrial *) play.campaign->trials->pdata[0])->probes,
                       bo_probe_new (cases[i].kind));
      begin_build (&play, "c.1");
      answer (&play, 200, GOOD_STREAM RESULT, "ok 200");
      ask (&play, "c.1", "image", NULL);
      answer (&play, 200, IMAGE_JSON, "ok 200");
      run_probe (&play, cases[i].create, cases[i].create_status, cases[i].output, cases[i].wait,
                 cases[i].state);
      bo_recorder_finish (play.recorder);
      result = g_ptr_array_index (get (&play, "c.1")->probes, 0);
      g_test_message ("%s", result->reason);
      g_assert_cmpstr (bo_verdict_to_string (result->verdict), ==, bo_verdict_to_string (cases[i].verdict));
      g_assert_cmpstr (result->level, ==, cases[i].level);
      if (cases[i].reason != NULL)
        g_assert_nonnull (strstr (result->reason, cases[i].reason));
      else
        g_assert_null (result->reason);
      g_assert_cmpuint (result->runs->len, ==, 1);
      if (cases[i].state != NULL && g_str_equal (cases[i].state, ENDED_WELL))
        g_assert_cmpint (((BoProbeRun *) result->runs->pdata[0])->duration_us, ==, 1226492);
      if (i == 0)
        g_assert_true (result->simulated);
      play_clear (&play);
    }
}

/* Docker 26.1 may stamp the start of a short container after its end; a clock that was set says nothing. */
static void
test_probe_times (void)
{
  static const struct
  {
    const char *finished;
    gint64 duration_us;
  } cases[] = {
    { "2026-11-24T12:40:22.168940587Z", 1000000 },
    { "2026-11-24T12:40:21.168940587Z", 1 },
    { "2026-11-24T12:40:21.167549651Z", 1 },
    { "2026-11-24T12:40:20.999999999Z", -1 },
    { "0001-01-01T00:00:00Z", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Play play;
      const BoProbeResult *result;
      g_autofree char *state = g_strdup_printf (
          "\"Running\":false,\"ExitCode\":0,\"StartedAt\":\"2026-11-24T12:40:21.168940587Z\",\"FinishedAt\":\"%s\"",
          cases[i].finished);

      play_init (&play, BO_BUILDER_CLASSIC);
      g_ptr_array_add (((BoPlannedTrial *) play.campaign->trials->pdata[0])->probes, bo_probe_new (BO_PROBE_WORKLOAD));
      begin_build (&play, "c.1");
      answer (&play, 200, GOOD_STREAM RESULT, "ok 200");
      run_probe (&play, "{}", 201, "done\n", "ok 200", state);
      bo_recorder_finish (play.recorder);
      result = g_ptr_array_index (get (&play, "c.1")->probes, 0);
      g_assert_cmpuint (result->runs->len, ==, 1);
      g_assert_cmpint (((BoProbeRun *) result->runs->pdata[0])->duration_us, ==, cases[i].duration_us);
      play_clear (&play);
    }
}

/* --- a journal of a real engine, both builders --- */

static BoCampaign *
load_campaign (char **folder)
{
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  BoCampaign *campaign;

  *folder = g_test_build_filename (G_TEST_DIST, "unit", "data", "journals", "both-builders", NULL);
  file = g_build_filename (*folder, "campaign.json", NULL);
  g_assert_true (g_file_get_contents (file, &text, NULL, &error));
  campaign = bo_campaign_from_json (text, -1, &error);
  g_assert_no_error (error);
  return campaign;
}

static const BoStep *
find_step (const BoTrial *trial, const char *instruction)
{
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      if (g_str_has_prefix (step->instruction, instruction))
        return step;
    }
  return NULL;
}

static void
assert_failed_run (const BoTrial *trial, guint number, guint total)
{
  const BoStep *step;

  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_FAILED);
  g_assert_cmpstr (trial->reason, ==, "error: it is broken");
  step = g_ptr_array_index (trial->steps, trial->failed_step);
  g_assert_cmpint (step->exit_code, ==, 42);
  g_assert_cmpuint (step->user_line, ==, 4);
  g_assert_cmpuint (step->number, ==, number);
  g_assert_cmpuint (step->total, ==, total);
  g_assert_cmpint (trial->elapsed_us, >, 0);
  g_assert_cmpint (trial->build_us, ==, -1);
  g_assert_cmpuint (step->log->len, ==, 2);
}

static void
assert_good (const BoTrial *trial, gboolean warm)
{
  const BoStep *step = find_step (trial, "RUN echo out");
  gint64 sum_us = 0;

  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_SUCCEEDED);
  g_assert_cmpint (step->cached, ==, warm);
  g_assert_cmpuint (step->user_line, ==, 3);
  g_assert_cmpint (trial->image->size, >, 3960000);
  g_assert_cmpint (trial->image->added_size, >, 1980000);
  g_assert_cmpint (trial->image->added_size, <, 1990000);
  if (!warm)
    {
      /* It sleeps for half a second. */
      g_assert_cmpint (step->duration_us, >, 500000);
      g_assert_cmpint (step->duration_us, <, trial->build_us);
      g_assert_cmpuint (step->n_log_lines, ==, 3);
    }
  for (guint i = 0; i < trial->steps->len; i++)
    sum_us += MAX (((BoStep *) trial->steps->pdata[i])->duration_us, 0);
  /* The steps of these builds follow each other. */
  g_assert_cmpint (sum_us, <=, trial->build_us + 20000);
  if (!warm)
    g_assert_cmpint (sum_us, >, trial->build_us / 2);
}

static void
test_recorded (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (BoCampaign) campaign = load_campaign (&folder);
  g_autoptr (GPtrArray) trials = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;
  BoCampaignState state;
  const BoProbeResult *probe;

  trials = bo_journal_read_trials (folder, campaign, &state, &error);
  g_assert_no_error (error);
  g_assert_cmpint (state, ==, BO_CAMPAIGN_FINISHED);
  assert_failed_run (trials->pdata[0], 3, 4); /* BuildKit makes no step of ARG */
  g_assert_cmpint (((BoTrial *) trials->pdata[1])->outcome, ==, BO_OUTCOME_SKIPPED);
  g_assert_cmpstr (((BoTrial *) trials->pdata[1])->reason, ==, "the cold build that it starts from failed");
  assert_good (trials->pdata[2], FALSE);
  assert_good (trials->pdata[3], TRUE);
  assert_failed_run (trials->pdata[4], 4, 5);
  g_assert_nonnull (strstr (((BoTrial *) trials->pdata[6])->reason, "no such file or directory"));
  g_assert_cmpstr (((BoTrial *) trials->pdata[8])->reason, ==,
                   "COPY failed: stat nowhere: file does not exist");
  assert_good (trials->pdata[10], FALSE);
  assert_good (trials->pdata[11], TRUE);
  probe = g_ptr_array_index (((BoTrial *) trials->pdata[10])->probes, 0);
  g_assert_cmpint (probe->verdict, ==, BO_VERDICT_YES);
  g_assert_cmpuint (probe->runs->len, ==, 2);
  g_assert_cmpint (((BoProbeRun *) probe->runs->pdata[0])->duration_us, >, 200000);
  g_assert_cmpstr (probe->tail, ==, "run");

  again = bo_journal_read_trials (folder, campaign, NULL, &error);
  for (guint i = 0; i < trials->len; i++)
    {
      g_autofree char *a = bo_trial_to_json (trials->pdata[i]);
      g_autofree char *b = bo_trial_to_json (again->pdata[i]);

      g_assert_cmpstr (a, ==, b);
    }
}

static gboolean
count_line_cb (const BoStep *step, const BoLogLine *line, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s|", line->text);
  return strcmp (line->text, "err") != 0;
}

static void
test_log (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (BoCampaign) campaign = load_campaign (&folder);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_strconcat (campaign->id, ".11", NULL);

  g_assert_true (bo_journal_read_log (folder, campaign, id, count_line_cb, text, &error));
  g_assert_cmpstr (text->str, ==, "out|err|");
  g_assert_false (bo_journal_read_log ("/nowhere", campaign, id, count_line_cb, text, &error));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND);
}

/* Whatever the bytes, it neither crashes nor leaves anything open. */
static void
test_mutations (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (BoCampaign) campaign = load_campaign (&folder);
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261124);
  const guint rounds = g_test_slow () ? 400 : 40;

  for (guint round = 0; round < rounds; round++)
    {
      g_autoptr (BoJournalReader) reader = bo_journal_reader_new (folder);
      g_autoptr (BoRecorder) recorder = bo_recorder_new (campaign);
      BoJournalMessage message;
      GPtrArray *trials = bo_recorder_get_trials (recorder);
      guint every = 2 + round % 13;

      while (bo_journal_reader_next (reader, &message, NULL) == BO_JOURNAL_NEXT_MESSAGE)
        {
          g_autofree char *copy = g_malloc (message.length + 1);
          BoJournalMessage changed = message;

          memcpy (copy, message.payload, message.length);
          copy[message.length] = '\0';
          changed.payload = copy;
          if (g_rand_int_range (rand, 0, (gint32) every) == 0)
            {
              switch (g_rand_int_range (rand, 0, 6))
                {
                case 0:
                  continue;
                case 1:
                  bo_recorder_feed (recorder, &changed);
                  break;
                case 2:
                  changed.length = (gsize) g_rand_int_range (rand, 0, (gint32) message.length + 1);
                  copy[changed.length] = '\0';
                  break;
                case 3:
                  changed.type = (BoJournalType) g_rand_int_range (rand, 0, 20);
                  break;
                case 4:
                  changed.request = (guint32) g_rand_int_range (rand, 0, 40);
                  break;
                default:
                  for (guint n = 0; n < 4 && message.length > 0; n++)
                    copy[g_rand_int_range (rand, 0, (gint32) message.length)]
                        = (char) g_rand_int_range (rand, 0, 256);
                  break;
                }
            }
          bo_recorder_feed (recorder, &changed);
        }
      bo_recorder_finish (recorder);
      for (guint i = 0; i < trials->len; i++)
        {
          const BoTrial *trial = g_ptr_array_index (trials, i);
          g_autofree char *text = bo_trial_to_json (trial);

          g_assert_true (g_utf8_validate (text, -1, NULL));
          g_assert_cmpint (trial->outcome, !=, BO_OUTCOME_PENDING);
          g_assert_cmpint (trial->outcome, !=, BO_OUTCOME_RUNNING);
        }
    }
}

/* --- the machine --- */

static void
sample (Play *play, gint64 time_us, guint busy, guint total, guint oom)
{
  g_autofree char *text
      = g_strdup_printf ("cpu %u %u 2\noom %u\nmemory 1000 %u\n", busy, total, oom, 500 - oom);

  play->mono_us = time_us;
  say (play, BO_JOURNAL_TELEMETRY, 0, text);
}

static void
count_samples_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  guint *n = user_data;

  if (change->kind == BO_CHANGE_TELEMETRY)
    {
      g_assert_true (change->sample == bo_recorder_get_sample (recorder));
      (*n)++;
    }
}

static void
test_telemetry (void)
{
  Play play;
  BoTrial *trial;
  guint n_samples = 0;
  gint64 start_us = 0;
  gint64 end_us = 0;

  play_init (&play, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c2", 1, BO_BUILDER_CLASSIC);
  say (&play, BO_JOURNAL_START, 0, "begin");
  bo_recorder_set_func (play.recorder, count_samples_cb, &n_samples, NULL);
  /* Somebody else has three quarters of the processors. */
  sample (&play, 6000000, 100, 1000, 0);
  sample (&play, 7000000, 250, 1200, 0);
  begin_build (&play, "c.1");
  say (&play, BO_JOURNAL_HEAD, play.request, "HTTP/1.1 200 OK\r\n\r\n");
  say (&play, BO_JOURNAL_DATA, play.request, "{\"stream\":\"Step 1/1 : FROM tiny\"}\r\n");
  sample (&play, 8000000, 450, 1400, 0);
  sample (&play, 9000000, 650, 1600, 0);
  say (&play, BO_JOURNAL_DATA, play.request,
       "{\"errorDetail\":{\"code\":137,\"message\":\"The command 'make' returned a non-zero code: 137\"}}\r\n");
  say (&play, BO_JOURNAL_DONE, play.request, "ok 200");
  settle (&play, "quiet");
  ask (&play, "c.1", "image", NULL);
  answer (&play, 404, "{}", "ok 404");
  trial = get (&play, "c.1");
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_FAILED);
  /* What was counted since the last sample may be of it. */
  g_assert_null (trial->telemetry);
  sample (&play, 10000000, 660, 1800, 1);
  g_assert_cmpuint (n_samples, ==, 5);

  g_assert_nonnull (trial->telemetry);
  g_assert_cmpuint (trial->telemetry->n_samples, ==, 2);
  g_assert_cmpint (trial->telemetry->oom_kills, ==, 1);
  g_assert_cmpint (trial->telemetry->cpu_before, ==, 750);
  g_assert_cmpint (trial->telemetry->cpu_max, ==, 1000);
  g_assert_true (bo_trial_has_flag (trial, "out-of-memory"));
  g_assert_true (bo_trial_has_flag (trial, "other-load"));
  g_assert_nonnull (strstr (bo_trial_get_evidence (trial, "other-load"), "75.0 %"));
  g_assert_true (bo_recorder_get_build_span (play.recorder, "c.1", &start_us, &end_us));
  g_assert_cmpint (start_us, >, 7000000);
  g_assert_cmpint (end_us, <, 10000000);
  g_assert_false (bo_recorder_get_build_span (play.recorder, "c.2", &start_us, &end_us));

  /* Our own work is nobody's load: between these two samples there were requests. */
  begin_build (&play, "c.2");
  answer (&play, 200, GOOD_STREAM RESULT, "ok 200");
  sample (&play, 11000000, 860, 2000, 1);
  ask (&play, "c.2", "image", NULL);
  answer (&play, 200, IMAGE_JSON, "ok 200");
  end (&play, "finished");
  trial = get (&play, "c.2");
  g_assert_nonnull (trial->telemetry);
  g_assert_cmpint (trial->telemetry->cpu_before, ==, -1);
  g_assert_cmpint (trial->telemetry->oom_kills, ==, 0);
  g_assert_cmpuint (trial->flags->len, ==, 0);
  play_clear (&play);
}

/* After a boot counters begin anew; and a journal without samples gives records without them. */
static void
test_telemetry_restart (void)
{
  Play play;

  play_init (&play, BO_BUILDER_CLASSIC);
  add_planned (play.campaign, BO_TRIAL_COUNTED, "c2", 1, BO_BUILDER_CLASSIC);
  say (&play, BO_JOURNAL_START, 0, "begin");
  sample (&play, 9000000, 100, 1000, 0);
  sample (&play, 10000000, 300, 1200, 0);
  say (&play, BO_JOURNAL_START, 0, "resume");
  play.mono_us = 1000;
  begin_build (&play, "c.1");
  answer (&play, 200, GOOD_STREAM RESULT, "ok 200");
  sample (&play, 2000000, 0, 10, 7);
  ask (&play, "c.1", "image", NULL);
  answer (&play, 200, IMAGE_JSON, "ok 200");
  say (&play, BO_JOURNAL_START, 0, "resume");
  begin_build (&play, "c.2");
  answer (&play, 200, GOOD_STREAM RESULT, "ok 200");
  ask (&play, "c.2", "image", NULL);
  answer (&play, 200, IMAGE_JSON, "ok 200");
  end (&play, "finished");
  g_assert_cmpuint (get (&play, "c.1")->flags->len, ==, 0);
  g_assert_cmpint (get (&play, "c.1")->telemetry->cpu_before, ==, -1);
  g_assert_null (get (&play, "c.2")->telemetry);
  g_assert_cmpuint (get (&play, "c.2")->flags->len, ==, 0);
  play_clear (&play);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recorder/classic", test_classic);
  g_test_add_func ("/recorder/classic-removed", test_classic_removed);
  g_test_add_func ("/recorder/podman", test_podman);
  g_test_add_func ("/recorder/split-anywhere", test_split_anywhere);
  g_test_add_func ("/recorder/hostile-lines", test_hostile_lines);
  g_test_add_func ("/recorder/many-lines", test_many_lines);
  g_test_add_func ("/recorder/outcomes", test_outcomes);
  g_test_add_func ("/recorder/reasons", test_reasons);
  g_test_add_func ("/recorder/skips", test_skips);
  g_test_add_func ("/recorder/base-image", test_base_image);
  g_test_add_func ("/recorder/events", test_events);
  g_test_add_func ("/recorder/buildkit", test_buildkit);
  g_test_add_func ("/recorder/buildkit-order", test_buildkit_order);
  g_test_add_func ("/recorder/buildkit-failure", test_buildkit_failure);
  g_test_add_func ("/recorder/clock-step", test_clock_step);
  g_test_add_func ("/recorder/probes", test_probes);
  g_test_add_func ("/recorder/probe-times", test_probe_times);
  g_test_add_func ("/recorder/recorded", test_recorded);
  g_test_add_func ("/recorder/log", test_log);
  g_test_add_func ("/recorder/telemetry", test_telemetry);
  g_test_add_func ("/recorder/telemetry-restart", test_telemetry_restart);
  g_test_add_func ("/recorder/mutations", test_mutations);
  return g_test_run ();
}
