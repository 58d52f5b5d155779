#!/bin/bash
# Downloads the speech and music that `undertone activity train` learns from, all of it from Debian packages, and
# arranges it in a folder. It installs nothing; it needs apt-get, dpkg-deb and ffmpeg.
#
#   scripts/activity-data.sh DIR
#
# DIR/PACKAGE/…    contents of each package, unchanged
# DIR/synthetic/…  English read by flite and espeak-ng, one folder for each voice
# DIR/codec/…      part of the test material after low-rate Opus, MP3 and GSM
#
# The license of each package is in DIR/PACKAGE/usr/share/doc/PACKAGE/copyright.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
mkdir -p "$1/.deb"
cd "$1"
root=$PWD

packages=(
  asterisk-core-sounds-{en,es,fr,it,ru}-wav asterisk-moh-opsound-wav
  fillets-ng-data fillets-ng-data-cs fillets-ng-data-nl
  tuxpaint-stamps-default ktuberling-data klettres-data hedgewars-data pocketsphinx-testdata
  wesnoth-1.16-music warzone2100-music fretsonfire-songs-muldjord fretsonfire-songs-sectoid
)
tools=(flite libflite1 espeak-ng espeak-ng-data libespeak-ng1 libpcaudio0 libsonic0)

for package in "${packages[@]}" "${tools[@]}"; do
  [ -d "$package" ] && continue
  (cd .deb && apt-get download -q "$package")
  dpkg-deb -x .deb/"${package}"_*.deb ".$package" && mv ".$package" "$package"
done

# ── synthetic voices ─────────────────────────────────────────────────────────────────────────────
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(find "$root" -type d -path '*/usr/lib/*-linux-gnu' -printf '%p:')
ESPEAK_DATA_PATH=$(find "$root/espeak-ng-data" -type d -name espeak-ng-data | tail -1)
export ESPEAK_DATA_PATH
mkdir -p synthetic
# Prints one paragraph per line; the texts are licenses that every Debian system has.
prose() { awk 'BEGIN { RS = "" } { gsub(/\n/, " "); if (length($0) > 80) print substr($0, 1, 500) }' "$1"; }
speak() { # speak FOLDER TEXT COMMAND…: speaks 40 paragraphs; the last argument of the command is the output file
  local folder=synthetic/$1 text=$2 n=0 line
  shift 2
  [ -d "$folder" ] && return
  mkdir -p "$folder.part"
  while read -r line; do
    n=$((n + 1))
    "$@" "$line" "$folder.part/$n.wav"
    [ $n -lt 40 ] || break
  done < <(prose "/usr/share/common-licenses/$text")
  mv "$folder.part" "$folder"
}
flite_as() { flite/usr/bin/flite -voice "$1" -t "$2" -o "$3"; }
espeak_as() { espeak-ng/usr/bin/espeak-ng -v "$1" -s "$2" -w "$4" "$3"; }
speak flite-rms GPL-3 flite_as rms
speak flite-slt GFDL-1.3 flite_as slt
speak flite-awb MPL-1.1 flite_as awb
speak espeak-en Apache-2.0 espeak_as en-gb+m3 160
speak espeak-us Artistic espeak_as en-us+f2 185

# ── part of the test material after low-rate codecs ─────────────────────────────────────
degrade() { # degrade FOLDER SECONDS: encodes each file named on standard input with one of three codecs in turn
  local n=0 file out
  [ -d "codec/$1" ] && return
  mkdir -p "codec/$1.part"
  while read -r file; do
    out=codec/$1.part/$n
    case $((n % 3)) in
      0) ffmpeg -nostdin -v error -i "$file" -t "$2" -ac 1 -c:a libopus -b:a 12k "$out.opus" ;;
      1) ffmpeg -nostdin -v error -i "$file" -t "$2" -ac 1 -ar 16000 -c:a libmp3lame -b:a 16k "$out.mp3" ;;
      2)
        ffmpeg -nostdin -v error -i "$file" -t "$2" -ac 1 -ar 8000 -c:a libgsm -f gsm "$out.gsm"
        ffmpeg -nostdin -v error -f gsm -i "$out.gsm" -c:a pcm_s16le "$out.wav"
        rm "$out.gsm"
        ;;
    esac
    n=$((n + 1))
  done
  mv "codec/$1.part" "codec/$1"
}
find fillets-ng-data-nl asterisk-core-sounds-it-wav -size +24k \( -name '*.ogg' -o -name '*.wav' \) |
  sort | awk 'NR % 9 == 0' | degrade speech 60
find fretsonfire-songs-muldjord warzone2100-music -name '*.ogg' -o -name '*.opus' | sort | degrade music 60
