/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "bench/bo-probe-container.h"
#include "study/bo-json.h"

static const BoProbeScripts scripts = { "CUDA.PY", "CUDA.SH", "IMPORTS.PY" };

static BoStudy *
load_study (const char *run)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autofree char *text = g_strdup_printf (
      "{\"format\": 1, \"id\": \"s\", \"name\": \"S\", \"baseline\": \"a\","
      " \"bases\": [{\"id\": \"x\", \"title\": \"X\", \"image\": \"x:1\"}], \"conditions\": [\"cold\"], \"run\": %s,"
      " \"strategies\": [{\"id\": \"a\", \"title\": \"A\", \"dockerfile\": \"Dockerfile\"}],"
      " \"probes\": [{\"kind\": \"cuda\"}, {\"kind\": \"imports\", \"modules\": [\"a.b\", \"c\"]},"
      "              {\"kind\": \"workload\", \"command\": [\"go\", \"${BASE_IMAGE}\"]}]}",
      run);
  BoStudy *study = bo_study_load_from_data (text, -1, "/tmp/study/bakeoff.json", NULL, problems);

  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *problem = bo_problem_to_string (bo_problems_get (problems, i));

      g_test_message ("%s", problem);
    }
  g_assert_nonnull (study);
  return study;
}

static JsonObject *
make (BoStudy *study, guint probe, JsonNode **root)
{
  const BoStrategy *strategy = g_ptr_array_index (study->strategies, 0);
  g_autofree char *json = bo_probe_container_to_json (g_ptr_array_index (strategy->probes, probe), strategy->run, "img:1",
                                                      "base:1", "CAMPAIGN", "CAMPAIGN.1", &scripts);
  g_autoptr (GError) error = NULL;

  *root = bo_json_parse (json, -1, &error);
  g_assert_no_error (error);
  return bo_json_node_get_object (*root);
}

static void
assert_strings (JsonArray *array, const char *const *expected)
{
  guint i = 0;

  for (; expected[i] != NULL; i++)
    g_assert_cmpstr (bo_json_array_get_string (array, i), ==, expected[i]);
  g_assert_cmpuint (bo_json_array_get_length (array), ==, i);
}

static void
test_cuda (void)
{
  g_autoptr (BoStudy) study = load_study ("{\"runtime\": \"nvidia\", \"env\": {\"NVIDIA_VISIBLE_DEVICES\": \"0\"}}");
  g_autoptr (JsonNode) root = NULL;
  JsonObject *container = make (study, 0, &root);
  JsonArray *entry = bo_json_get_array (container, "Entrypoint");

  g_assert_cmpstr (bo_json_get_string (container, "Image", NULL), ==, "img:1");
  /* Our own entry point, so that the image's cannot get in the way; the programs as arguments. */
  g_assert_cmpuint (bo_json_array_get_length (entry), ==, 6);
  g_assert_cmpstr (bo_json_array_get_string (entry, 0), ==, "sh");
  g_assert_cmpstr (bo_json_array_get_string (entry, 4), ==, "CUDA.PY");
  g_assert_cmpstr (bo_json_array_get_string (entry, 5), ==, "CUDA.SH");
  g_assert_null (bo_json_get_array (container, "Cmd"));
  /* The study's own word wins over ours. */
  assert_strings (bo_json_get_array (container, "Env"),
                  (const char *[]){ "NVIDIA_VISIBLE_DEVICES=0", "NVIDIA_DRIVER_CAPABILITIES=all", NULL });
  g_assert_cmpstr (bo_json_get_string (bo_json_get_object (container, "HostConfig"), "Runtime", NULL), ==, "nvidia");
  g_assert_cmpstr (bo_json_get_string (bo_json_get_object (container, "Labels"), "io.github.bakeoff.campaign", NULL), ==,
                   "CAMPAIGN");
}

static void
test_plain_runtime (void)
{
  g_autoptr (BoStudy) study = load_study ("{}");
  g_autoptr (JsonNode) root = NULL;
  JsonObject *container = make (study, 1, &root);
  JsonObject *host = bo_json_get_object (container, "HostConfig");
  JsonArray *entry = bo_json_get_array (container, "Entrypoint");

  assert_strings (bo_json_get_array (container, "Env"), (const char *[]){ NULL });
  /* What the study does not say is the engine's choice. */
  g_assert_false (json_object_has_member (host, "Runtime"));
  g_assert_false (json_object_has_member (host, "NetworkMode"));
  g_assert_false (json_object_has_member (host, "ShmSize"));
  g_assert_cmpstr (bo_json_array_get_string (entry, 4), ==, "IMPORTS.PY");
  g_assert_cmpstr (bo_json_array_get_string (entry, 5), ==, "a.b");
  g_assert_cmpstr (bo_json_array_get_string (entry, 6), ==, "c");
}

static void
test_workload (void)
{
  g_autoptr (BoStudy) study
      = load_study ("{\"shm_size\": \"1g\", \"ipc\": \"host\", \"network\": \"host\", \"secrets\": [\"HF_TOKEN\"],"
                    " \"devices\": [\"/dev/snd\", \"/dev/a:/dev/b:r\"],"
                    " \"mounts\": [{\"copy\": \"books\", \"to\": \"/books\"}, {\"volume\": \"models\", \"to\": \"/models\"}]}");
  g_autoptr (JsonNode) root = NULL;
  JsonObject *container = make (study, 2, &root);
  JsonObject *host = bo_json_get_object (container, "HostConfig");
  JsonArray *mounts = bo_json_get_array (host, "Mounts");
  JsonArray *devices = bo_json_get_array (host, "Devices");
  JsonObject *mount;

  /* As in `docker run IMAGE COMMAND`: the image's entry point stays. */
  g_assert_false (json_object_has_member (container, "Entrypoint"));
  assert_strings (bo_json_get_array (container, "Cmd"), (const char *[]){ "go", "base:1", NULL });
  /* A placeholder, never the value. */
  assert_strings (bo_json_get_array (container, "Env"), (const char *[]){ "HF_TOKEN=${bakeoff-secret:HF_TOKEN}", NULL });
  g_assert_cmpint (bo_json_get_int (host, "ShmSize", -1), ==, G_GINT64_CONSTANT (1) << 30);
  g_assert_cmpstr (bo_json_get_string (host, "IpcMode", NULL), ==, "host");
  /* Copies are not mounts; they are put in before the start. */
  g_assert_cmpuint (bo_json_array_get_length (mounts), ==, 1);
  mount = bo_json_array_get_object (mounts, 0);
  g_assert_cmpstr (bo_json_get_string (mount, "Type", NULL), ==, "volume");
  g_assert_cmpstr (bo_json_get_string (mount, "Source", NULL), ==, "models");
  g_assert_cmpuint (bo_json_array_get_length (devices), ==, 2);
  g_assert_cmpstr (bo_json_get_string (bo_json_array_get_object (devices, 0), "PathInContainer", NULL), ==, "/dev/snd");
  g_assert_cmpstr (bo_json_get_string (bo_json_array_get_object (devices, 1), "PathInContainer", NULL), ==, "/dev/b");
  g_assert_cmpstr (bo_json_get_string (bo_json_array_get_object (devices, 1), "CgroupPermissions", NULL), ==, "r");
}

static void
test_builtin (void)
{
  BoProbeScripts builtin = bo_probe_scripts_get_builtin ();

  g_assert_nonnull (strstr (builtin.cuda_python, "cuInit"));
  g_assert_true (g_str_has_prefix (builtin.cuda_shell, "#") || builtin.cuda_shell[0] != '\0');
  g_assert_nonnull (strstr (builtin.imports_python, "import"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe-container/cuda", test_cuda);
  g_test_add_func ("/probe-container/plain-runtime", test_plain_runtime);
  g_test_add_func ("/probe-container/workload", test_workload);
  g_test_add_func ("/probe-container/builtin", test_builtin);
  return g_test_run ();
}
