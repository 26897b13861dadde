/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-advice"

#include "config.h"

#include <glib/gi18n.h>

#include "bench/bo-plan-estimate.h"
#include "bench/bo-preparation.h"
#include "bo-cli-advice.h"
#include "bo-cli-device.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine.h"

typedef struct
{
  GMainLoop *loop;
  BoStudy *study;
  GPtrArray *cells;
  BoStore *store;
  BoEngine *engine;
  char *url;
  BoCliPreflight *preflight;
  int exit_code;
} Asking;

static void
fail (Asking *self, int exit_code, const GError *error)
{
  bo_cli_error ("%s", error->message);
  if (error->domain == BO_ENGINE_ERROR)
    bo_cli_print_remedy (error);
  self->exit_code = exit_code;
  g_main_loop_quit (self->loop);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asking *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoOutlook) outlook = bo_preparation_look_finish (result, &error);
  g_autoptr (GHashTable) estimates = NULL;

  if (outlook == NULL)
    {
      fail (self, error->domain == BO_ENGINE_ERROR ? BO_EXIT_DEVICE : BO_EXIT_INPUT, error);
      return;
    }
  estimates = bo_store_get_estimates_sync (self->store, self->study->id, self->url, &error);
  if (estimates == NULL)
    {
      fail (self, BO_EXIT_INTERNAL, error);
      return;
    }
  self->preflight->peak_bytes = bo_plan_estimate (outlook->plan, estimates).peak_bytes;
  self->preflight->advice
      = bo_device_advise (self->preflight->facts, self->study, self->preflight->peak_bytes);
  g_main_loop_quit (self->loop);
}

static void
facts_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asking *self = user_data;
  g_autoptr (GError) error = NULL;
  BoPreparationOptions options = {
    .study = self->study,
    .cells = self->cells,
    .repetitions = self->study->repetitions,
    .device_url = self->url,
    .socket_path = bo_engine_get_socket_path (self->engine),
  };

  self->preflight->facts = bo_device_facts_read_finish (BO_ENGINE (object), result, &error);
  if (self->preflight->facts == NULL)
    fail (self, BO_EXIT_DEVICE, error);
  else
    bo_preparation_look_async (&options, NULL, looked_cb, self);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asking *self = user_data;
  g_autoptr (GError) error = NULL;

  self->engine = bo_engine_open_finish (result, &error);
  if (self->engine == NULL)
    {
      fail (self, BO_EXIT_DEVICE, error);
      return;
    }
  self->url = bo_device_url_to_string (bo_connection_get_url (bo_engine_get_connection (self->engine)));
  bo_device_facts_read_async (self->engine, NULL, facts_cb, self);
}

/**
 * bo_cli_preflight_run:
 * @url: the device
 * @study: what is to be measured
 * @preflight: (out) (transfer full): what was found; set only with BO_EXIT_OK
 *
 * Asks the device; changes nothing on it.
 *
 * Returns: BO_EXIT_OK, or another code after a message was printed
 */
int
bo_cli_preflight_run (const BoDeviceUrl *url, BoStudy *study, BoCliPreflight **preflight)
{
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Asking self = { .loop = loop, .study = study, .cells = cells };

  self.store = bo_cli_open_store ();
  if (self.store == NULL)
    return BO_EXIT_INTERNAL;
  self.preflight = g_new0 (BoCliPreflight, 1);
  bo_engine_open_async (url, NULL, opened_cb, &self);
  g_main_loop_run (loop);

  if (self.engine != NULL)
    bo_connection_close (bo_engine_get_connection (self.engine));
  g_clear_object (&self.engine);
  bo_store_close_sync (self.store);
  g_clear_object (&self.store);
  g_free (self.url);
  if (self.exit_code == BO_EXIT_OK)
    *preflight = g_steal_pointer (&self.preflight);
  bo_cli_preflight_free (self.preflight);
  return self.exit_code;
}

void
bo_cli_preflight_free (BoCliPreflight *preflight)
{
  if (preflight == NULL)
    return;
  g_clear_pointer (&preflight->facts, bo_device_facts_free);
  g_clear_pointer (&preflight->advice, g_ptr_array_unref);
  g_free (preflight);
}

/**
 * bo_cli_preflight_count_problems:
 * @preflight: what was found
 *
 * Returns: how much of the advice is about what will make builds or probes fail
 */
guint
bo_cli_preflight_count_problems (const BoCliPreflight *preflight)
{
  guint n = 0;

  for (guint i = 0; i < preflight->advice->len; i++)
    n += ((const BoAdvice *) g_ptr_array_index (preflight->advice, i))->level == BO_ADVICE_PROBLEM;
  return n;
}

static const char *
get_title (BoAdviceLevel level)
{
  switch (level)
    {
    case BO_ADVICE_PROBLEM:
      return _ ("Problem");
    case BO_ADVICE_WARNING:
      return _ ("Warning");
    case BO_ADVICE_HINT:
    default:
      return _ ("Hint");
    }
}

void
bo_cli_preflight_print (const BoCliPreflight *preflight)
{
  const BoDeviceFacts *facts = preflight->facts;
  gboolean any_command = FALSE;

  g_print ("\n%s: %s", facts->name != NULL ? facts->name : facts->url, facts->is_podman ? "Podman" : "Docker");
  g_print (" %s", facts->engine_version != NULL ? facts->engine_version : "?");
  if (facts->model != NULL)
    g_print (", %s", facts->model);
  if (facts->l4t != NULL)
    g_print (_ (", L4T %s (JetPack %s)"), facts->l4t, facts->jetpack != NULL ? facts->jetpack : _ ("unknown"));
  if (facts->l4t != NULL || facts->power_mode != NULL)
    g_print (_ (", power mode %s"), facts->power_mode != NULL ? facts->power_mode : _ ("unknown"));
  g_print ("\n");

  if (preflight->advice->len == 0)
    g_print ("%s\n", _ ("Nothing about this device speaks against measuring on it."));
  for (guint i = 0; i < preflight->advice->len; i++)
    {
      const BoAdvice *advice = g_ptr_array_index (preflight->advice, i);

      g_print ("\n%s: %s\n  %s\n", get_title (advice->level), advice->seen, advice->why);
      if (advice->command != NULL)
        g_print ("    %s\n", advice->command);
      any_command = any_command || advice->command != NULL;
    }
  if (any_command)
    g_print ("\n%s\n", _ ("These commands are for you to run on the device, or not; Bakeoff never runs them."));
}

/**
 * bo_cli_preflight_to_node:
 * @preflight: what was found
 *
 * Returns: (transfer full): it as a JSON object
 */
JsonNode *
bo_cli_preflight_to_node (const BoCliPreflight *preflight)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < preflight->advice->len; i++)
    {
      const BoAdvice *advice = g_ptr_array_index (preflight->advice, i);
      JsonObject *member = json_object_new ();

      json_object_set_string_member (member, "id", advice->id);
      json_object_set_string_member (member, "level", bo_advice_level_to_string (advice->level));
      json_object_set_string_member (member, "seen", advice->seen);
      json_object_set_string_member (member, "why", advice->why);
      if (advice->command != NULL)
        json_object_set_string_member (member, "command", advice->command);
      else
        json_object_set_null_member (member, "command");
      json_array_add_object_element (array, member);
    }
  json_object_set_member (object, "facts", bo_device_facts_to_json (preflight->facts));
  json_object_set_int_member (object, "peak_bytes", preflight->peak_bytes);
  json_object_set_array_member (object, "advice", array);
  return json_node_init_object (json_node_alloc (), object);
}
