/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-compiler"

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "bench/bo-compiler.h"
#include "bench/bo-twin.h"
#include "context/bo-dockerfile-sent.h"
#include "study/bo-names.h"
#include "study/bo-variables.h"

/* Requests that only ask or tidy up: long enough for a board that swaps. */
#define QUERY_LIMIT_US (5 * G_TIME_SPAN_MINUTE)
#define TWIN_LIMIT_US (10 * G_TIME_SPAN_MINUTE)
/* A layer of many GB may be deleted. */
#define REMOVE_LIMIT_US (15 * G_TIME_SPAN_MINUTE)
/* For containers of builds that were given up. */
#define GIVEN_UP_LIMIT_US (20 * G_USEC_PER_SEC)
/* How long an engine that reported a killed build may take to go away itself. */
#define SETTLE_LIMIT_US (5 * G_TIME_SPAN_SECOND)
static const char *const settle_needles[] = { "137", "143", "context canceled", NULL };

typedef struct
{
  const BoPlan *plan;
  const BoCompilerInput *input;
  BoScript *script;
  const char *api;
  /* image reference -> number of the item that is well when its twin is there */
  GHashTable *twins;
  /* trial id -> number of the item that is well when its image is there */
  GHashTable *images;
  /* "strategy/base/builder" -> that number of the chain's last repetition */
  GHashTable *earlier;
  /* The item that listed BuildKit's cache before the first prebuild, or 0. */
  guint prebuild_sweep;
} Compiler;

BoBuildInput *
bo_build_input_new (void)
{
  BoBuildInput *input = g_new0 (BoBuildInput, 1);

  input->recipes = g_ptr_array_new_with_free_func (g_free);
  input->images = g_ptr_array_new_with_free_func (g_free);
  return input;
}

void
bo_build_input_free (BoBuildInput *input)
{
  if (input == NULL)
    return;
  g_ptr_array_unref (input->recipes);
  g_ptr_array_unref (input->images);
  g_free (input->dockerfile);
  g_free (input->target);
  g_free (input);
}

/* What the journal's reader needs to know about a request, as one line of JSON. */
static char *
make_about (const char *role, const char *trial, int probe, int run)
{
  GString *about = g_string_new ("{");

  if (trial != NULL)
    g_string_append_printf (about, "\"trial\":\"%s\",", trial);
  g_string_append_printf (about, "\"role\":\"%s\"", role);
  if (probe >= 0)
    g_string_append_printf (about, ",\"probe\":%d", probe);
  if (run >= 0)
    g_string_append_printf (about, ",\"run\":%d", run);
  g_string_append_c (about, '}');
  return g_string_free (about, FALSE);
}

static BoScriptItem *
add_request (Compiler *self,
             const char *method,
             const char *path,
             const char *role,
             const char *trial,
             int probe,
             int run,
             gint64 limit_us)
{
  g_autofree char *about = make_about (role, trial, probe, run);
  g_autofree char *versioned = g_strdup_printf ("/v%s%s", self->api, path);
  BoScriptItem *item = bo_script_add_request (self->script, method, versioned, about);

  bo_script_item_set_limit (item, limit_us);
  return item;
}

static void
append_query (GString *path, const char *key, const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  g_string_append_printf (path, "%c%s=%s", strchr (path->str, '?') == NULL ? '?' : '&', key, escaped);
}

static char *
label_filter (const char *campaign_id, gboolean dangling)
{
  g_autofree char *filter = NULL;

  if (dangling)
    filter = g_strdup_printf ("{\"dangling\":[\"true\"],\"label\":[\"%s=%s\"]}", BO_LABEL_CAMPAIGN, campaign_id);
  else
    filter = g_strdup_printf ("{\"label\":[\"%s=%s\"]}", BO_LABEL_CAMPAIGN, campaign_id);
  return g_steal_pointer (&filter);
}

/* --- Setup: the twins ------------------------------------------------------ */

static void
compile_twins (Compiler *self)
{
  BoCampaign *campaign = self->plan->campaign;

  bo_script_begin_chain (self->script, "setup", BO_SCRIPT_CHAIN_SETUP);
  for (guint i = 0; i < campaign->bases->len; i++)
    {
      const BoBaseImage *base = g_ptr_array_index (campaign->bases, i);
      g_autoptr (GBytes) context = NULL;
      g_autoptr (GString) path = g_string_new ("/build?version=1");
      g_autofree char *inspect = NULL;
      BoScriptItem *build;
      BoScriptItem *check;

      if (base->twin == NULL)
        continue;

      context = bo_twin_make_context (base->image_id, campaign->id);
      append_query (path, "t", base->twin);
      build = add_request (self, "POST", path->str, "base-twin", NULL, -1, -1, TWIN_LIMIT_US);
      bo_script_item_add_header (build, "Content-Type", "application/x-tar");
      bo_script_item_add_literal (build, context);

      inspect = g_strdup_printf ("/images/%s/json", base->twin);
      check = add_request (self, "GET", inspect, "base-image", NULL, -1, -1, QUERY_LIMIT_US);
      bo_script_item_add_needs (check, bo_script_item_get_number (build));
      g_hash_table_insert (self->twins, base->image, GUINT_TO_POINTER (bo_script_item_get_number (check)));
    }
}

/* --- Builds ----------------------------------------------------------------- */

static void
add_argument (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static char *
make_build_args (Compiler *self,
                 const BoPlannedTrial *trial,
                 const BoBuildInput *input,
                 GPtrArray *build_args,
                 const char *chain)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const BoBase *base = bo_study_get_base (self->plan->study, trial->cell->base);

  json_builder_begin_object (builder);
  for (guint i = 0; i < build_args->len; i++)
    {
      const BoBuildArg *arg = g_ptr_array_index (build_args, i);
      g_autofree char *value = bo_variables_replace (arg->value, BO_VARIABLE_BASE_IMAGE, base->image);

      add_argument (builder, arg->name, value);
    }
  if (input->takes_base)
    add_argument (builder, "BASE_IMAGE", base->image);
  if (trial->cell->builder == BO_BUILDER_BUILDKIT)
    {
      /* `nocache` would empty the cache mounts of everybody who uses the same
       * ids; a namespace of the chain's own leaves theirs alone, and keeps ours
       * from the first build of the chain to the last. */
      g_autofree char *ns = g_strdup_printf (BO_NAME_PREFIX "%s-%s", self->plan->campaign->id, chain);

      add_argument (builder, "BUILDKIT_CACHE_MOUNT_NS", ns);
    }
  if (trial->cell->condition == BO_CONDITION_COLD_LAYERS)
    add_argument (builder, BO_DOCKERFILE_BUST_ARG, trial->id);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
is_cold (const BoPlannedTrial *trial)
{
  return trial->cell->condition == BO_CONDITION_COLD;
}

/* One build with all that tells how it went; gives the item that is well when the image is there. */
static guint
compile_build (Compiler *self,
               const BoPlannedTrial *trial,
               GPtrArray *build_args,
               const char *network,
               const char *chain,
               gint64 limit_us,
               GArray *needs,
               guint unless)
{
  const BoBuildInput *input = g_hash_table_lookup (self->input->builds, trial->id);
  gboolean buildkit = trial->cell->builder == BO_BUILDER_BUILDKIT;
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char *args = NULL;
  g_autofree char *settle_about = make_about ("settle", trial->id, -1, -1);
  g_autofree char *inspect = g_strdup_printf ("/images/%s/json", trial->tag);
  g_autofree char *history = g_strdup_printf ("/images/%s/history", trial->tag);
  BoScriptItem *build;
  BoScriptItem *image;
  BoScriptItem *last;

  g_assert (input != NULL);
  args = make_build_args (self, trial, input, build_args, chain);

  g_string_printf (path, "/build?version=%d", buildkit ? 2 : 1);
  append_query (path, "t", trial->tag);
  append_query (path, "dockerfile", input->dockerfile);
  append_query (path, "buildargs", args);
  append_query (path, "rm", "1");
  append_query (path, "forcerm", "1");
  if (is_cold (trial))
    append_query (path, "nocache", "1");
  if (input->target != NULL)
    append_query (path, "target", input->target);
  if (network != NULL)
    append_query (path, "networkmode", network);
  if (buildkit)
    append_query (path, "buildid", trial->tag);

  build = add_request (self, "POST", path->str, "build", trial->id, -1, -1, limit_us);
  bo_script_item_add_header (build, "Content-Type", "application/x-tar");
  for (guint i = 0; i < input->recipes->len; i++)
    bo_script_item_add_recipe (build, g_ptr_array_index (input->recipes, i));
  for (guint i = 0; i < needs->len; i++)
    bo_script_item_add_needs (build, g_array_index (needs, guint, i));
  for (guint i = 0; i < input->images->len; i++)
    {
      gpointer number = g_hash_table_lookup (self->twins, g_ptr_array_index (input->images, i));

      if (number != NULL)
        bo_script_item_add_needs (build, GPOINTER_TO_UINT (number));
    }
  if (unless != 0)
    bo_script_item_add_unless (build, unless);

  bo_script_add_settle (self->script, bo_script_item_get_number (build), SETTLE_LIMIT_US, settle_needles, settle_about);

  /* The verdict: an answer that ends is not a success, an image is. */
  image = add_request (self, "GET", inspect, "image", trial->id, -1, -1, QUERY_LIMIT_US);
  bo_script_item_add_needs (image, bo_script_item_get_number (build));
  last = add_request (self, "GET", history, "history", trial->id, -1, -1, QUERY_LIMIT_US);
  bo_script_item_add_needs (last, bo_script_item_get_number (image));
  bo_script_item_set_trial_end (last);

  g_hash_table_insert (self->images, trial->id, GUINT_TO_POINTER (bo_script_item_get_number (image)));
  return bo_script_item_get_number (image);
}

static void
compile_remove_image (Compiler *self, const char *tag, const char *trial)
{
  g_autofree char *path = g_strdup_printf ("/images/%s", tag);
  BoScriptItem *item = add_request (self, "DELETE", path, "remove-image", trial, -1, -1, REMOVE_LIMIT_US);

  bo_script_item_add_expect (item, 200);
  bo_script_item_add_expect (item, 404);
  bo_script_item_set_always (item);
}

/* A failed classic build leaves untagged layers; they carry the twin's label. */
static void
compile_prune_layers (Compiler *self, const char *trial)
{
  g_autofree char *filter = label_filter (self->plan->campaign->id, TRUE);
  g_autoptr (GString) path = g_string_new ("/images/prune");
  BoScriptItem *item;

  append_query (path, "filters", filter);
  item = add_request (self, "POST", path->str, "prune-layers", trial, -1, -1, REMOVE_LIMIT_US);
  bo_script_item_set_always (item);
}

/* --- Probes ------------------------------------------------------------------ */

static void
compile_probe_run (Compiler *self,
                   const BoPlannedChain *chain,
                   const BoPlannedTrial *trial,
                   const BoProbe *probe,
                   guint index,
                   guint run,
                   guint image)
{
  const BoBase *base = bo_study_get_base (self->plan->study, trial->cell->base);
  const BoRunOptions *options = chain->strategy->run;
  const char *suffix = strrchr (trial->tag, ':') + 1;
  g_autofree char *name
      = g_strdup_printf (BO_NAME_PREFIX "%s-%s-p%u-r%u", self->plan->campaign->id, suffix, index, run);
  g_autofree char *json = bo_probe_container_to_json (probe, options, trial->tag, base->image,
                                                      self->plan->campaign->id, trial->id, &self->input->scripts);
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  g_autofree char *path = NULL;
  BoScriptItem *create;
  BoScriptItem *start;
  BoScriptItem *item;
  guint created;

  path = g_strdup_printf ("/containers/create?name=%s", name);
  create = add_request (self, "POST", path, "probe-create", trial->id, index, run, QUERY_LIMIT_US);
  bo_script_item_add_header (create, "Content-Type", "application/json");
  bo_script_item_add_literal (create, body);
  bo_script_item_add_needs (create, image);
  created = bo_script_item_get_number (create);

  g_free (path);
  path = g_strdup_printf ("/containers/%s/start", name);
  /* The files are the workload's; our own probes need nothing but the image. */
  for (guint i = 0; probe->kind == BO_PROBE_WORKLOAD && i < options->mounts->len; i++)
    {
      const BoMount *mount = g_ptr_array_index (options->mounts, i);
      const char *recipe = g_hash_table_lookup (self->input->copies, mount);
      g_autofree char *archive = NULL;

      if (mount->copy == NULL)
        continue;
      g_assert (recipe != NULL);
      archive = g_strdup_printf ("/containers/%s/archive?path=/", name);
      item = add_request (self, "PUT", archive, "probe-copy", trial->id, index, run, QUERY_LIMIT_US);
      bo_script_item_add_header (item, "Content-Type", "application/x-tar");
      bo_script_item_add_recipe (item, recipe);
      bo_script_item_add_needs (item, created);
      created = bo_script_item_get_number (item);
    }

  start = add_request (self, "POST", path, "probe-start", trial->id, index, run, QUERY_LIMIT_US);
  bo_script_item_add_needs (start, created);

  g_free (path);
  path = g_strdup_printf ("/containers/%s/wait?condition=not-running", name);
  item = add_request (self, "POST", path, "probe-wait", trial->id, index, run, probe->limit_us);
  bo_script_item_add_needs (item, bo_script_item_get_number (start));

  g_free (path);
  path = g_strdup_printf ("/containers/%s/kill", name);
  item = add_request (self, "POST", path, "probe-kill", trial->id, index, run, QUERY_LIMIT_US);
  bo_script_item_add_needs (item, bo_script_item_get_number (start));
  bo_script_item_add_expect (item, 204);
  bo_script_item_add_expect (item, 404);
  /* It has ended by itself: the usual case. */
  bo_script_item_add_expect (item, 409);
  bo_script_item_set_always (item);

  g_free (path);
  /* A workload may write for an hour; what is shown of it is its end. */
  path = g_strdup_printf ("/containers/%s/logs?stdout=1&stderr=1%s", name,
                          probe->kind == BO_PROBE_WORKLOAD ? "&tail=2000" : "");
  item = add_request (self, "GET", path, "probe-logs", trial->id, index, run, QUERY_LIMIT_US);
  bo_script_item_add_needs (item, bo_script_item_get_number (start));

  g_free (path);
  path = g_strdup_printf ("/containers/%s/json", name);
  item = add_request (self, "GET", path, "probe-inspect", trial->id, index, run, QUERY_LIMIT_US);
  bo_script_item_add_needs (item, bo_script_item_get_number (create));

  g_free (path);
  path = g_strdup_printf ("/containers/%s?force=1&v=1", name);
  item = add_request (self, "DELETE", path, "probe-remove", trial->id, index, run, REMOVE_LIMIT_US);
  bo_script_item_add_expect (item, 204);
  bo_script_item_add_expect (item, 404);
  bo_script_item_set_always (item);
}

static void
compile_probes (Compiler *self, const BoPlannedChain *chain)
{
  for (guint i = 0; i < chain->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, i);
      guint image = GPOINTER_TO_UINT (g_hash_table_lookup (self->images, trial->id));

      for (guint p = 0; p < trial->probes->len; p++)
        {
          const BoProbe *probe = g_ptr_array_index (trial->probes, p);

          for (guint run = 0; run < probe->repeat; run++)
            compile_probe_run (self, chain, trial, probe, p, run, image);
        }
    }
}

/* --- Chains ------------------------------------------------------------------ */

static guint
compile_sweep_list (Compiler *self, const char *trial)
{
  g_autofree char *about = make_about ("sweep-list", trial, -1, -1);
  g_autofree char *path = g_strdup_printf ("/v%s/system/df", self->api);

  return bo_script_item_get_number (bo_script_add_sweep_list (self->script, path, about));
}

static void
compile_sweep_prune (Compiler *self, guint of, const char *trial)
{
  g_autofree char *about = make_about ("sweep", trial, -1, -1);
  g_autofree char *path = g_strdup_printf ("/v%s/system/df", self->api);
  g_autofree char *prune = g_strdup_printf ("/v%s/build/prune?all=1", self->api);
  BoScriptItem *sweep = bo_script_add_sweep_prune (self->script, of, path, prune, about);

  bo_script_item_set_limit (sweep, REMOVE_LIMIT_US);
  bo_script_item_set_always (sweep);
}

static void
compile_prebuild (Compiler *self, const BoPlannedPrebuild *prebuild)
{
  const BoStrategy *strategy = bo_study_get_strategy (self->plan->study, prebuild->trial->cell->strategy);
  g_autoptr (GArray) needs = g_array_new (FALSE, FALSE, sizeof (guint));

  bo_script_begin_chain (self->script, prebuild->trial->chain, BO_SCRIPT_CHAIN_SETUP);
  if (prebuild->builder == BO_BUILDER_BUILDKIT && self->prebuild_sweep == 0)
    self->prebuild_sweep = compile_sweep_list (self, prebuild->trial->id);
  compile_build (self, prebuild->trial, prebuild->prebuild->build_args, strategy->run->network,
                 prebuild->trial->chain, strategy->timeout_us, needs, 0);
}

/* Which image of a chain stays until the end of the campaign, when it is known which is best. */
static gboolean
is_kept (Compiler *self, const BoPlannedChain *chain, const BoPlannedTrial *trial)
{
  if (self->plan->study->keep == BO_KEEP_NONE || chain->repetition != 1 || trial->kind != BO_TRIAL_COUNTED)
    return FALSE;
  for (guint i = 0; i < chain->trials->len; i++)
    {
      const BoPlannedTrial *other = g_ptr_array_index (chain->trials, i);

      if (other->kind == BO_TRIAL_COUNTED)
        return other == trial;
    }
  return FALSE;
}

static void
compile_chain (Compiler *self, const BoPlannedChain *chain)
{
  const BoPlannedTrial *first = g_ptr_array_index (chain->trials, 0);
  gboolean buildkit = chain->builder == BO_BUILDER_BUILDKIT;
  g_autofree char *cell_family = g_strjoin ("/", chain->strategy->id, chain->base,
                                            bo_builder_to_string (chain->builder), NULL);
  guint earlier = GPOINTER_TO_UINT (g_hash_table_lookup (self->earlier, cell_family));
  g_autoptr (GArray) needs = g_array_new (FALSE, FALSE, sizeof (guint));
  guint sweep_list = 0;
  guint first_image = 0;

  if (first->unsupported != NULL)
    return;

  bo_script_begin_chain (self->script, chain->id, BO_SCRIPT_CHAIN_TRIALS);
  if (buildkit)
    sweep_list = compile_sweep_list (self, first->id);

  for (guint i = 0; i < first->needs_prebuilds->len; i++)
    {
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->images, g_ptr_array_index (first->needs_prebuilds, i)));

      g_array_append_val (needs, number);
    }
  for (guint i = 0; i < chain->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, i);
      guint unless = i == 0 && !self->plan->study->retry_failed ? earlier : 0;
      guint image = compile_build (self, trial, chain->strategy->build_args, chain->strategy->run->network,
                                   chain->id, chain->strategy->timeout_us, needs, unless);

      /* What follows is the same build again: when this one fails, it would be
       * paid for in full once more and fail as well. */
      if (i == 0)
        {
          first_image = image;
          g_array_append_val (needs, first_image);
        }
    }
  g_hash_table_insert (self->earlier, g_steal_pointer (&cell_family), GUINT_TO_POINTER (first_image));

  compile_probes (self, chain);

  for (guint i = 0; i < chain->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, i);

      if (!is_kept (self, chain, trial))
        compile_remove_image (self, trial->tag, trial->id);
    }
  compile_prune_layers (self, first->id);
  if (buildkit)
    compile_sweep_prune (self, sweep_list, first->id);
}

static void
compile_wait_for_containers (Compiler *self, const char *query)
{
  g_autofree char *path = g_strdup_printf ("/v%s/containers/json%s", self->api, query);
  g_autofree char *about = make_about ("wait-containers", NULL, -1, -1);

  bo_script_item_set_always (bo_script_add_wait_empty (self->script, path, GIVEN_UP_LIMIT_US, about));
}

/*
 * A build that was given up (stopped, or its limit passed) has its RUN container
 * for some tenths of a second more. It runs, then it has ended and is being
 * removed, which no filter tells apart; only when it is gone can its layers be removed [seen on 20.10].
 */
static void
compile_remove_containers (Compiler *self)
{
  g_autofree char *filter = label_filter (self->plan->campaign->id, FALSE);
  g_autoptr (GString) running = g_string_new (NULL);
  g_autoptr (GString) all = g_string_new ("?all=1");
  g_autoptr (GString) path = g_string_new ("/containers/prune");

  append_query (running, "filters", filter);
  append_query (all, "filters", filter);
  append_query (path, "filters", filter);
  compile_wait_for_containers (self, running->str);
  bo_script_item_set_always (add_request (self, "POST", path->str, "remove-containers", NULL, -1, -1, REMOVE_LIMIT_US));
  compile_wait_for_containers (self, all->str);
}

static void
compile_teardown (Compiler *self)
{
  BoCampaign *campaign = self->plan->campaign;

  bo_script_begin_chain (self->script, "teardown", BO_SCRIPT_CHAIN_TEARDOWN);
  compile_remove_containers (self);
  for (guint i = 0; i < self->plan->prebuilds->len; i++)
    {
      const BoPlannedPrebuild *prebuild = g_ptr_array_index (self->plan->prebuilds, i);

      compile_remove_image (self, prebuild->trial->tag, NULL);
    }
  for (guint i = 0; i < campaign->bases->len; i++)
    {
      const BoBaseImage *base = g_ptr_array_index (campaign->bases, i);

      if (base->twin != NULL)
        compile_remove_image (self, base->twin, NULL);
    }
  compile_prune_layers (self, NULL);
  if (self->prebuild_sweep != 0)
    compile_sweep_prune (self, self->prebuild_sweep, NULL);
}

/**
 * bo_compile:
 * @plan: the plan, with the campaign's bases filled in
 * @input: what was read for it
 * @api_version: the negotiated version, "1.41"
 *
 * Returns: (transfer full): the script
 */
BoScript *
bo_compile (const BoPlan *plan, const BoCompilerInput *input, const char *api_version)
{
  g_autoptr (GHashTable) twins = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) images = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) earlier = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *events = NULL;
  Compiler self = {
    .plan = plan,
    .input = input,
    .api = api_version,
    .twins = twins,
    .images = images,
    .earlier = earlier,
  };

  g_return_val_if_fail (plan != NULL && input != NULL && api_version != NULL, NULL);

  self.script = bo_script_new (plan->campaign->id);
  for (guint c = 0; c < plan->chains->len; c++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, c);

      for (guint i = 0; i < chain->strategy->run->secrets->len; i++)
        {
          char *name = g_ptr_array_index (chain->strategy->run->secrets, i);

          if (g_hash_table_add (secrets, name))
            bo_script_add_secret (self.script, name);
        }
    }

  events = g_strdup_printf ("/v%s/events", api_version);
  bo_script_watch (self.script, events);

  compile_twins (&self);
  for (guint i = 0; i < plan->prebuilds->len; i++)
    compile_prebuild (&self, g_ptr_array_index (plan->prebuilds, i));
  for (guint i = 0; i < plan->chains->len; i++)
    compile_chain (&self, g_ptr_array_index (plan->chains, i));
  compile_teardown (&self);

  return self.script;
}
