"""Clips that the video benchmarks measure on: what the platform mostly gets, and what it also gets."""

import shutil
from pathlib import Path

import ffmpeg
import typst
from django.conf import settings
from ffmpeg.nodes import FilterableStream as Stream

SLIDE_SECONDS = 20
FONTS = "node_modules/@expo-google-fonts/noto-serif-sc"
SLIDE = """
#let number = %d
#let points = (
  "网格员每周走访，记录群众反映的问题并限期答复。", "党支部每月集中学习一次，会前印发材料。",
  "矛盾纠纷先在村里调解，调解不成再逐级上报。", "惠农补贴张榜公布，七天内受理异议。",
  "年轻干部到信访窗口轮岗，每人不少于三个月。",
)
#set page(width: 960pt, height: 540pt, margin: 60pt)
#set text(font: ("Noto Serif SC", "Noto Serif CJK SC", "Noto Sans CJK SC"), size: 24pt)
= 基层治理 第 #number 讲
#v(20pt)
#for line in range(7) [ + #points.at(calc.rem(line * 2 + number, 5)) #v(6pt) ]
"""
SMALL_PRINT = """
#let number = %d
#set page(width: 960pt, height: 540pt, margin: 40pt, fill: rgb("#1b1a17"))
#set text(font: ("Noto Serif SC", "Noto Serif CJK SC", "Noto Sans CJK SC"), size: 15pt, fill: rgb("#f4f0e6"))
= 附表 #number 专题培训学时安排
#v(8pt)
#table(columns: 4 * (1fr,), stroke: 0.6pt + rgb("#4b4740"), inset: 6pt,
  ..range(44).map(cell => [#(cell + number * 44) #("乡村振兴", "基层治理", "党史学习", "信访接待").at(calc.rem(cell + number, 4))专题 #(number + calc.rem(cell, 6)) 学时]))
"""
# Syllables: a hum switched on and off four times a second, over room noise.
HUM = "0.3*sin(2*PI*(140+40*sin(t))*t)*gt(sin(2*PI*4*t),-0.3)+0.02*(random(0)-0.5)"


def lecture_clip(path: Path, *, seconds: int, page: str = SLIDE) -> Path:
    """1080p slides that change every 20 s, a small noisy picture of the speaker, speech-like sound."""
    place = f"color=c=0x8a7f70:size=320x240:rate=25:duration={seconds}"
    head = f"color=c=0xc89b7b:size=90x120:rate=25:duration={seconds}"
    mouth = f"color=c=0x5a2f2a:size=26x10:rate=25:duration={seconds}"
    camera = ffmpeg.overlay(
        ffmpeg.input(place, f="lavfi"), ffmpeg.input(head, f="lavfi"),
        x="115+8*sin(2*PI*t/3)", y="70+4*sin(2*PI*t/2)",
    )  # fmt: skip
    camera = ffmpeg.overlay(
        camera, ffmpeg.input(mouth, f="lavfi"),
        x="147+8*sin(2*PI*t/3)", y="150+4*sin(2*PI*t/2)", enable="gt(sin(2*PI*4*t),0)",
    )  # fmt: skip
    camera = camera.filter("gblur", 3).filter("noise", alls=8, allf="t")
    slides = slide_pictures(path, seconds=seconds, page=page)
    return written(path, ffmpeg.overlay(slides, camera, x=1560, y=800), seconds=seconds)


def filmed_clip(path: Path, *, seconds: int) -> Path:
    """The same slides filmed in a hall: the camera sways, its sensor is noisy, somebody walks before it."""
    hall = (
        slide_pictures(path, seconds=seconds, page=SLIDE)
        .filter("rotate", "0.012*sin(2*PI*t/5)")
        .filter("crop", 1760, 990, "80+50*sin(2*PI*t/7)", "45+25*sin(2*PI*t/4)")
        .filter("scale", 1920, 1080)
    )
    speaker = ffmpeg.input(f"color=c=0x5b4636:size=260x620:rate=25:duration={seconds}", f="lavfi")
    picture = ffmpeg.overlay(hall, speaker, x="1300+260*sin(t/3)", y=460)
    picture = picture.filter("gblur", 1.2).filter("noise", alls=10, allf="t")
    return written(path, picture, seconds=seconds)


def slide_pictures(path: Path, *, seconds: int, page: str) -> Stream:
    folder = path.with_suffix(".slides")
    folder.mkdir()
    fonts = settings.BASE_DIR / FONTS
    for number in range(seconds // SLIDE_SECONDS + 1):
        picture = typst.compile(
            (page % (number + 1)).encode(),
            font_paths=[fonts] if fonts.is_dir() else [],
            format="png",
            ppi=144,
        )
        (folder / f"{number:02}.png").write_bytes(picture)
    pictures = ffmpeg.input(str(folder / "%02d.png"), framerate=f"1/{SLIDE_SECONDS}")
    return pictures.filter("fps", 25)


def written(path: Path, picture: Stream, *, seconds: int) -> Path:
    ffmpeg.output(
        picture,
        ffmpeg.input(f"aevalsrc='{HUM}':s=44100:d={seconds}", f="lavfi"),
        str(path),
        t=seconds,
        vcodec="libx264",
        preset="ultrafast",
        crf=16,
        pix_fmt="yuv420p",
        acodec="aac",
    ).global_args("-nostdin", "-v", "error").run(cmd=settings.FFMPEG_PATH, overwrite_output=True)
    shutil.rmtree(path.with_suffix(".slides"))
    return path
