"""Measures what other packages need for the same recording; started by bench/peers.ts in a virtual environment.

usage: peers.py AUDIO.wav (mono, 16 bits). Prints a line of JSON for each measurement: what, stage, and ms of CPU per
second of audio, the best of three after one to warm up; or why it could not be measured.
"""

import json
import sys
import time
import wave

import numpy as np

ROUNDS = 3
STEP_SECONDS = 0.5


def read(path):
    with wave.open(path) as file:
        rate = file.getframerate()
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return data.astype(np.float32) / 32768, rate


samples, rate = read(sys.argv[1])
seconds = len(samples) / rate
clips = [samples[i : i + int(STEP_SECONDS * rate)] for i in range(0, len(samples), int(STEP_SECONDS * rate))]
clips = [clip for clip in clips if len(clip) == int(STEP_SECONDS * rate)]


def measure(stage, what, prepare):
    """`prepare` imports the package and returns the work, and what share of the recording it stands for, inverted."""
    try:
        work, scale = prepare()
        work()
        times = []
        for _ in range(ROUNDS):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
        result = {"ms": scale * 1000 * min(times) / seconds}
    except Exception as error:  # A package that is missing or broken must not end the others.
        result = {"error": f"{type(error).__name__}: {error}"[:120]}
    print(json.dumps({"stage": stage, "what": what, **result}), flush=True)


def librosa_whole():
    import librosa

    return (
        lambda: librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=2048, hop_length=512, n_mels=128)
    ), 1


def librosa_clips():
    import librosa

    def work():
        for clip in clips:
            librosa.feature.melspectrogram(y=clip, sr=rate, n_fft=2048, hop_length=512, n_mels=128)

    return work, 1


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Lstm:
    """One layer; weights do not matter for the time."""

    def __init__(self, inputs, hidden, rng):
        self.hidden = hidden
        self.kernel = rng.normal(0, 0.1, (inputs + hidden, 4 * hidden)).astype(np.float32)

    def run(self, frames):
        h = np.zeros(self.hidden, np.float32)
        c = np.zeros(self.hidden, np.float32)
        out = np.empty((len(frames), self.hidden), np.float32)
        for i, frame in enumerate(frames):
            a, f, o, g = np.split(np.concatenate([frame, h]) @ self.kernel, 4)
            c = sigmoid(f) * c + sigmoid(a) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            out[i] = h
        return out


def librosa_lstm():
    """Jhanji 2024: log1p-mel of each 0.5 s clip, z-scored, two modules of two LSTM layers of 20."""
    import librosa

    rng = np.random.default_rng(1)
    modules = [[Lstm(128, 20, rng), Lstm(20, 20, rng)] for _ in range(2)]

    def work():
        for clip in clips:
            mel = librosa.feature.melspectrogram(y=clip, sr=rate, n_fft=2048, hop_length=512, n_mels=128)
            mel = np.log1p(mel).T
            mel = (mel - mel.mean()) / (mel.std() + 1e-6)
            for first, second in modules:
                second.run(first.run(mel))

    return work, 1


def essentia_mel():
    import essentia.standard as es

    window, spectrum = es.Windowing(type="hann", size=2048), es.Spectrum(size=2048)
    bands = es.MelBands(numberBands=128, sampleRate=rate, inputSize=1025, highFrequencyBound=rate / 2)

    def work():
        for frame in es.FrameGenerator(samples, frameSize=2048, hopSize=512):
            bands(spectrum(window(frame)))

    return work, 1


def essentia_musicnn():
    import essentia.standard as es

    low = es.Resample(inputSampleRate=rate, outputSampleRate=16000)
    mel = es.TensorflowInputMusiCNN()

    def work():
        for frame in es.FrameGenerator(low(samples), frameSize=512, hopSize=256):
            mel(frame)

    return work, 1


def opensmile_set(name):
    def prepare():
        import opensmile

        smile = opensmile.Smile(
            feature_set=getattr(opensmile.FeatureSet, name),
            feature_level=opensmile.FeatureLevel.LowLevelDescriptors,
        )
        return (lambda: smile.process_signal(samples, rate)), 1

    return prepare


def vibenet_whole():
    import vibenet

    model = vibenet.load_model()
    return (lambda: model.predict(samples, rate)), 1


def vibenet_live():
    """A clip model answers live only if it analyzes the newest seconds again; three of these steps are measured."""
    import vibenet

    model = vibenet.load_model()
    newest = samples[: 10 * rate]
    scale = seconds / (3 * STEP_SECONDS)

    def work():
        for _ in range(3):
            model.predict(newest, rate)

    return work, scale


measure("mel", "librosa, whole recording", librosa_whole)
measure("mel", "librosa, each 0.5 s", librosa_clips)
measure("mel", "Essentia MelBands 128", essentia_mel)
measure("mel", "Essentia, input of MusiCNN", essentia_musicnn)
measure("features", "openSMILE eGeMAPSv02", opensmile_set("eGeMAPSv02"))
measure("features", "openSMILE ComParE 2016", opensmile_set("ComParE_2016"))
measure("end to end", "librosa + numpy LSTM, each 0.5 s", librosa_lstm)
measure("end to end", "vibenet, the newest 10 s each 0.5 s", vibenet_live)
measure("one answer", "vibenet, one answer for the recording", vibenet_whole)
