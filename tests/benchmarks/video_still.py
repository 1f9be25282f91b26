"""What the picture and sound of a lesson cost to put together: repeated packets, `ffmpeg -loop 1`, moviepy.

    python tests/benchmarks/video_still.py [--slides 8] [--seconds 10] [--size 1080] [--runs 1] [--ways ours,kept]

All ways get the same generated slides and the same sound. Each run is a process of its own; what counts is its CPU
time, user and system, children included. Ways take turns, so that a busy machine is unfair to none of them.

    ours     an empty store
    kept     everything is in the store, the file is missing
    edited   one slide's picture and words are new
    same     nothing changed
    pieces   the floor: encode one key picture a slide and the sound once, write no file
    ffmpeg   `ffmpeg -loop 1` a slide, then its concat demuxer
    moviepy  ImageClip and AudioFileClip a slide, concatenated, as its documentation shows
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

WAYS = ("ours", "kept", "edited", "same", "pieces", "ffmpeg", "moviepy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slides", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0, help="of speech a slide")
    parser.add_argument("--size", type=int, default=1080)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--worker", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        way, folder = given.worker
        work(way, Path(folder), given)
        return
    ways = [way for way in given.ways.split(",") if way != "ffmpeg" or shutil.which("ffmpeg")]
    print(f"{given.slides} slides of {given.seconds:g} s speech, {given.size} lines, 30 fps; {given.runs} run(s)")
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
    base = statistics.median(costs[ways[0]])
    for way in ways:
        median = statistics.median(costs[way])
        spread = f"{min(costs[way]):.2f}–{max(costs[way]):.2f}"
        print(f"{way:8} {median:9.2f} CPU s  ({spread})  {median / base:7.2f} × {ways[0]}  {told[way]}")


def start(way: str, folder: str) -> None:
    subprocess.run([sys.executable, *sys.argv, "--worker", way, folder], check=True)


def spent() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def work(way: str, folder: Path, given: argparse.Namespace) -> None:
    told = prepare(folder, given) if way == "prepare" else ROOMS.get(way, ours)(folder, given, way)
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
    from deckcast.settings import Settings, VideoSettings
    from encode.lessons import Studio

    return Studio(store=FolderStore(folder / "store"), settings=Settings(video=VideoSettings(size=given.size)))


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
    deck, timeline = pickle.loads((folder / "lesson.pickle").read_bytes())
    for number, scene in enumerate(timeline.scenes):
        (folder / f"{number:04}.png").write_bytes(studio.store.read(scene.frame.image))
        pcm, rate = read_wav(studio.store.read(scene.take.utterances[0].sound))
        lead, tail = bytes(2 * round(0.35 * 48_000)), bytes(2 * round(0.6 * 48_000))
        sound = (resample(pcm, rate) * 32767).astype("<i2").tobytes()
        (folder / f"{number:04}.wav").write_bytes(write_wav(lead + sound + tail, 48_000))
    return ""


def ours(folder: Path, given: argparse.Namespace, way: str) -> str:
    import pickle

    studio = open_studio(folder, given)
    source = folder / "lesson.pickle"
    if way == "edited":  # each run has an edit of its own
        source = next(folder.glob("edit-*.pickle")).rename(folder / "edited.pickle")
    deck, timeline = pickle.loads(source.read_bytes())
    target = folder / ("edited.mp4" if way == "edited" else "lesson.mp4")
    if way == "kept":
        target.unlink()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made, _ = studio.encode(deck, timeline, target, executor=pool, force=way == "ours")
    return f"{timeline.seconds:.0f} s, {made.size / 1e6:.1f} MB"


def pieces(folder: Path, given: argparse.Namespace, way: str) -> str:
    from deckcast.encode import aac, still
    from deckcast.encode.mix import Sound
    from deckcast.encode.still import Picture

    picture = Picture(*frame_size(given), 30, 18)
    for image in sorted(folder.glob("????.png")):
        still.key_picture(image.read_bytes(), picture)
        sound = image.with_suffix(".wav").read_bytes()
        samples = (len(sound) - 44) // 2
        aac.encode_take((Sound(0, samples, sound),), samples, 128, -1.5)
    return "no file"


def ffmpeg(folder: Path, given: argparse.Namespace, way: str) -> str:
    parts = []
    for image in sorted(folder.glob("????.png")):
        part = folder / f"loop-{image.stem}.mp4"
        inputs = ["-loop", "1", "-framerate", "30", "-i", str(image), "-i", str(image.with_suffix(".wav"))]
        codecs = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "18", "-pix_fmt", "yuv420p"]
        sound = ["-c:a", "aac", "-b:a", "128k", "-shortest"]
        subprocess.run(["ffmpeg", "-y", "-v", "error", *inputs, *codecs, *sound, str(part)], check=True)
        parts.append(part)
    listed = folder / "parts.txt"
    listed.write_text("".join(f"file '{part}'\n" for part in parts))
    whole = folder / "loop.mp4"
    join = ["-f", "concat", "-safe", "0", "-i", str(listed), "-c", "copy", "-movflags", "+faststart", str(whole)]
    subprocess.run(["ffmpeg", "-y", "-v", "error", *join], check=True)
    return f"{whole.stat().st_size / 1e6:.1f} MB"


def moviepy(folder: Path, given: argparse.Namespace, way: str) -> str:
    from moviepy import AudioFileClip, ImageClip, concatenate_videoclips

    clips = []
    for image in sorted(folder.glob("????.png")):
        sound = AudioFileClip(str(image.with_suffix(".wav")))
        clips.append(ImageClip(str(image), duration=sound.duration).with_audio(sound))
    whole = folder / "moviepy.mp4"
    film = concatenate_videoclips(clips)
    film.write_videofile(str(whole), fps=30, codec="libx264", audio_codec="aac", preset="veryfast", logger=None)
    return f"{whole.stat().st_size / 1e6:.1f} MB"


ROOMS = {"pieces": pieces, "ffmpeg": ffmpeg, "moviepy": moviepy}

if __name__ == "__main__":
    main()
