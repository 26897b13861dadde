#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cuda.py's question for an image without python3. Nothing can be computed here, so
# the best answer is "weak": there are signs of a device. See README.md beside this file.

# json TEXT: as a JSON string, ASCII, in one line
json() {
  printf '"%s"' "$(printf %s "$1" | LC_ALL=C tr '\n\t' '  ' | LC_ALL=C tr -cd ' -~' | sed 's/[\\"]/\\&/g' | cut -c 1-2000)"
}

fact() {
  printf 'bakeoff-probe {"probe": "cuda", "level": %s, "key": "%s", "value": %s}\n' "$1" "$2" "$3"
}

end() { # VERDICT LEVEL FAILED_LEVEL CODE REASON RAW
  printf 'bakeoff-probe {"probe": "cuda", "end": true, "verdict": "%s", "level": %s, "failed_level": %s, "code": "%s", "reason": %s, "raw": %s}\n' \
    "$1" "$2" "$3" "$4" "$(json "$5")" "$(json "$6")"
  exit 0
}

machine=$(uname -m)
printf 'bakeoff-probe {"probe": "cuda", "start": true, "format": 1, "python": null, "machine": %s}\n' "$(json "$machine")"

nodes= list=
for node in /dev/nvidia[0-9]* /dev/nvidiactl /dev/nvmap /dev/nvhost-* /dev/nvgpu/*/*; do
  if [ -e "$node" ]; then
    nodes="$nodes $node"
    list="${list:+$list, }$(json "$node")"
  fi
done
fact 0 device_nodes "[$list]"

library=
if command -v ldconfig >/dev/null 2>&1; then
  library=$(ldconfig -p 2>/dev/null | sed -n 's/^[[:space:]]*libcuda\.so\.1 .*=> //p' | head -n 1)
fi
if [ -z "$library" ]; then
  # In the loader's order: the library path, then the usual folders.
  for folder in $(printf %s "${LD_LIBRARY_PATH:-}" | tr ':' ' ') "/usr/lib/$machine-linux-gnu/tegra" "/usr/lib/$machine-linux-gnu/nvidia" \
      "/usr/lib/$machine-linux-gnu" "/lib/$machine-linux-gnu" /usr/lib64 /lib64 /usr/lib /lib; do
    if [ -e "$folder/libcuda.so.1" ]; then
      library=$folder/libcuda.so.1
      break
    fi
  done
fi
if [ -z "$library" ]; then
  end no -1 0 no-driver-library "There is no CUDA driver library in the container: it was not started with the NVIDIA runtime, or that found nothing to add." ""
fi
size=$(wc -c <"$library" 2>/dev/null | tr -cd 0-9)
fact 0 library "$(json "$library")"
fact 0 library_bytes "${size:-0}"
if [ "${size:-0}" -eq 0 ]; then
  end no -1 0 empty-driver-library "The CUDA driver library is an empty file: a leftover of one that was mounted when the image was made." "$library"
fi

if command -v nvidia-smi >/dev/null 2>&1; then
  said=$(nvidia-smi -L 2>&1)
  status=$?
  if [ $status -ne 0 ]; then
    end no 0 1 no-device "nvidia-smi finds no device." "$said"
  fi
  fact 1 device_name "$(json "$(printf '%s\n' "$said" | head -n 1)")"
elif [ -z "$nodes" ]; then
  end no 0 1 no-device "There is no device node in the container." ""
fi
end weak 0 null no-python "The driver library and a device are there, but the image has no python3, so nothing was computed." ""
