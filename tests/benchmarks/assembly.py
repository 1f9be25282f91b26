"""What it costs to put slides and speech together: deckcast, moviepy, `ffmpeg -loop 1`, and the floor below all.

    python tests/benchmarks/assembly.py [--full] [--slides 6] [--seconds 20] [--size 1080] [--runs 1] [--ways …]

All ways get the same generated slides and the same sound. Each run is a process of its own; what counts is its CPU
time, user and system, children included. Ways take turns, so that a busy machine is unfair to none of them.
`--full` is a whole lesson, 35 slides in 17 minutes; that takes moviepy and ffmpeg an hour of a processor.

    ours          an empty store: pieces encoded, loudness set, peaks limited and checked, the file written
    kept          everything is in the store, the file is missing
    edited        one slide's picture and words are new
    floor         encode one key picture a slide and the sound once, in one go; write as many bytes as the lesson has
    ffmpeg        `ffmpeg -loop 1` a slide, then its concat demuxer
    moviepy       ImageClip and AudioFileClip a slide, concatenated, as its documentation shows
    …-picture     the same without sound
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "generator")]

FPS = 30
LEAD_IN, TAIL = 0.35, 0.6
WAYS = (
    "ours",
    "ours-picture",
    "kept",
    "edited",
    "floor",
    "floor-picture",
    "ffmpeg",
    "moviepy-picture",
    "moviepy",
)
GOALS = (
    ("moviepy-picture", "ours-picture", "at least 150"),
    ("moviepy", "ours", "at least 30"),
    ("ffmpeg", "ours", ""),
    ("ours", "floor", "at most 1.3"),
    ("ours-picture", "floor-picture", ""),
    ("edited", "ours", ""),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slides", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=20.0, help="of speech a slide")
    parser.add_argument("--size", type=int, default=1080)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--full", action="store_true", help="35 slides of 28.2 s of speech: 17 minutes")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--worker", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.full:
        given.slides, given.seconds = 35, 28.2
    if given.worker:
        way, folder = given.worker
        work(way, Path(folder), given)
        return
    ways = given.ways.split(",")
    length = given.slides * (given.seconds + LEAD_IN + TAIL)
    print(f"{given.slides} slides, {length / 60:.1f} minutes, {given.size} lines, {FPS} fps; {given.runs} run(s)")
    costs: dict[str, list[float]] = {way: [] for way in ways}
    told: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        start("prepare", folder)
        for _ in range(given.runs):
            for way in ways:
                before = spent()
                start(way, folder)
                costs[way].append(spent() - before)
                told[way] = (Path(folder) / "told").read_text()
    medians = {way: statistics.median(cost) for way, cost in costs.items()}
    for way in ways:
        spread = f"{min(costs[way]):.2f} to {max(costs[way]):.2f}"
        print(f"{way:16}{medians[way]:9.2f} CPU s  ({spread})  {told[way]}")
    for above, below, goal in GOALS:
        if above in medians and below in medians:
            aim = f"   (goal: {goal})" if goal else ""
            print(f"{above} / {below}: {medians[above] / medians[below]:.2f}{aim}")


def start(way: str, folder: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *sys.argv, "--worker", way, folder], check=True, env=environment)


def spent() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def work(way: str, folder: Path, given: argparse.Namespace) -> None:
    if way == "prepare":
        told = prepare(folder, given)
    else:
        name, _, picture = way.partition("-")
        told = ROOMS.get(name, ours)(folder, given, name, not picture)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (folder / "told").write_text(f"{told}, {memory:.0f} MB resident")


def slides(given: argparse.Namespace, edit: int = 0) -> list[tuple[str, float]]:
    lines = given.size // 36
    texts = [
        "\n".join(f"Slide {at}, line {row}: the quick brown fox jumps over the lazy dog" for row in range(lines))
        for at in range(given.slides)
    ]
    made = [(text, given.seconds) for text in texts]
    if edit:
        made[len(made) // 2] = (f"Edit {edit}\n" + texts[0], given.seconds + 0.1 * edit)
    return made


def open_studio(folder: Path, given: argparse.Namespace) -> Any:
    from deckcast.engines.store_folder import FolderStore
    from deckcast.settings import NarrationSettings, Settings, VideoSettings
    from encode.lessons import Studio

    narration = NarrationSettings(lead_in=LEAD_IN, tail=TAIL, silent=given.seconds + LEAD_IN + TAIL)
    settings = Settings(video=VideoSettings(size=given.size, fps=FPS), narration=narration)
    return Studio(store=FolderStore(folder / "store"), settings=settings)


def frame_size(given: argparse.Namespace) -> tuple[int, int]:
    return given.size * 16 // 9, given.size


def prepare(folder: Path, given: argparse.Namespace) -> str:
    """Draws slides and makes sounds, as files and in the store, so that no way pays for them."""
    import pickle

    from deckcast.sound import read_wav, resample, write_wav

    studio = open_studio(folder, given)
    for edit in range(given.runs + 1):
        deck, timeline = studio.lesson(slides(given, edit), frame_size(given))
        (folder / (f"edit-{edit}.pickle" if edit else "lesson.pickle")).write_bytes(pickle.dumps((deck, timeline)))
    mute = studio.lesson([(text, 0) for text, _ in slides(given)], frame_size(given))
    (folder / "mute.pickle").write_bytes(pickle.dumps(mute))
    deck, timeline = pickle.loads((folder / "lesson.pickle").read_bytes())
    for number, scene in enumerate(timeline.scenes):
        (folder / f"{number:04}.png").write_bytes(studio.store.read(scene.frame.image))
        pcm, rate = read_wav(studio.store.read(scene.take.utterances[0].sound))
        lead, tail = bytes(2 * round(LEAD_IN * 48_000)), bytes(2 * round(TAIL * 48_000))
        sound = (resample(pcm, rate) * 32767).astype("<i2").tobytes()
        (folder / f"{number:04}.wav").write_bytes(write_wav(lead + sound + tail, 48_000))
    return ""


def ours(folder: Path, given: argparse.Namespace, way: str, sound: bool) -> str:
    import pickle

    studio = open_studio(folder, given)
    source = folder / ("lesson.pickle" if sound else "mute.pickle")
    if way == "edited":  # each run has an edit of its own
        source = next(folder.glob("edit-*.pickle")).rename(folder / "edited.pickle")
    deck, timeline = pickle.loads(source.read_bytes())
    target = folder / f"{'edited' if way == 'edited' else source.stem}.mp4"
    if way == "kept":
        target.unlink()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made, _ = studio.encode(deck, timeline, target, executor=pool, force=way == "ours")
    return f"{timeline.seconds:.0f} s, {made.size / 1e6:.1f} MB"


def floor(folder: Path, given: argparse.Namespace, way: str, sound: bool) -> str:
    """Nothing less can make such a file from nothing. The sound is as it comes: no loudness, no limit, no check."""
    import av
    import numpy as np

    from deckcast.encode import aac, still
    from deckcast.encode.still import Picture
    from deckcast.sound import read_wav

    picture = Picture(*frame_size(given), FPS, 18)
    context: Any = av.CodecContext.create("aac", "w")
    context.sample_rate = 48_000
    aac.configure(context, 128)
    for image in sorted(folder.glob("????.png")):
        still.key_picture(image.read_bytes(), picture)
        if not sound:
            continue
        pcm, _ = read_wav(image.with_suffix(".wav").read_bytes())
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate = 48_000
        context.encode(frame)
    lesson = folder / ("lesson.mp4" if sound else "mute.mp4")
    shutil.copyfile(lesson, folder / "floor.mp4")
    with (folder / "floor.mp4").open("rb+") as file:
        os.fsync(file.fileno())
    return f"{lesson.stat().st_size / 1e6:.1f} MB written"


def ffmpeg(folder: Path, given: argparse.Namespace, way: str, sound: bool) -> str:
    import imageio_ffmpeg

    program = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    parts = []
    for image in sorted(folder.glob("????.png")):
        part = folder / f"loop-{image.stem}.mp4"
        inputs = ["-loop", "1", "-framerate", str(FPS), "-i", str(image), "-i", str(image.with_suffix(".wav"))]
        codecs = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "18", "-pix_fmt", "yuv420p"]
        audio = ["-c:a", "aac", "-b:a", "128k", "-shortest"]
        subprocess.run([program, "-y", "-v", "error", *inputs, *codecs, *audio, str(part)], check=True)
        parts.append(part)
    listed = folder / "parts.txt"
    listed.write_text("".join(f"file '{part}'\n" for part in parts))
    whole = folder / "loop.mp4"
    join = ["-f", "concat", "-safe", "0", "-i", str(listed), "-c", "copy", "-movflags", "+faststart", str(whole)]
    subprocess.run([program, "-y", "-v", "error", *join], check=True)
    return f"{whole.stat().st_size / 1e6:.1f} MB"


def moviepy(folder: Path, given: argparse.Namespace, way: str, sound: bool) -> str:
    from moviepy import AudioFileClip, ImageClip, concatenate_videoclips

    clips = []
    for image in sorted(folder.glob("????.png")):
        audio = AudioFileClip(str(image.with_suffix(".wav")))
        clip = ImageClip(str(image), duration=audio.duration)
        clips.append(clip.with_audio(audio) if sound else clip)
    whole = folder / "moviepy.mp4"
    film = concatenate_videoclips(clips)
    film.write_videofile(
        str(whole), fps=FPS, codec="libx264", audio=sound, audio_codec="aac", preset="veryfast", logger=None
    )
    return f"{whole.stat().st_size / 1e6:.1f} MB"


ROOMS = {"floor": floor, "ffmpeg": ffmpeg, "moviepy": moviepy}

if __name__ == "__main__":
    main()
