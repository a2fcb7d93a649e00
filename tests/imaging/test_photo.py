"""Every kind of photograph that a ward sends, and every file that is none."""

import io
import struct
import zipfile
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from mottling.errors import PhotoRefused
from mottling.imaging import file_kinds, photo
from mottling.imaging.photo import jpeg_to_show, read_bytes, read_photo, sha256_of
from tests.tiny_model import jpeg_bytes


def quarters(width=320, height=240):
    """Red top left, green top right, blue bottom left, white bottom right."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[: height // 2, : width // 2] = (220, 40, 40)
    pixels[: height // 2, width // 2 :] = (40, 200, 60)
    pixels[height // 2 :, : width // 2] = (40, 60, 210)
    return pixels


def corners(pixels):
    height, width = pixels.shape[:2]
    places = [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)]
    return np.array([pixels[int(y * height), int(x * width)] for y, x in places], int)


def written(kind, image=None, **options):
    out = io.BytesIO()
    (image or Image.fromarray(quarters())).save(out, kind, **options)
    return out.getvalue()


def heic(image, **options):
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=95, **options)
    return out.getvalue()


FILES = {
    "JPEG": lambda: written("JPEG", quality=95),
    "PNG": lambda: written("PNG"),
    "WebP": lambda: written("WEBP", quality=95),
    "TIFF": lambda: written("TIFF"),
    "TIFF, compressed": lambda: written("TIFF", compression="tiff_lzw"),
    "HEIC": lambda: heic(Image.fromarray(quarters())),
    "palette": lambda: written("PNG", Image.fromarray(quarters()).quantize(16)),
    "transparent": lambda: written("PNG", Image.fromarray(quarters()).convert("RGBA")),
}


@pytest.mark.parametrize("name", FILES)
def test_reads_every_kind_to_the_same_colours(name):
    read = read_photo(FILES[name]())
    assert (read.full_width, read.full_height) == (320, 240)
    assert read.pixels.dtype == np.uint8
    assert corners(read.pixels) == pytest.approx(corners(quarters()), abs=12)


@pytest.mark.parametrize("held", range(1, 9))
def test_a_photograph_taken_in_any_position_stands_upright(held):
    upright = Image.fromarray(quarters())
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = held
    image = upright.transpose(undo[held]) if held > 1 else upright
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        read = read_photo(written(kind, image, exif=exif, quality=95), long_side_px=160)
        assert (read.full_width, read.full_height) == (320, 240)
        assert corners(read.pixels) == pytest.approx(corners(quarters()), abs=14), kind


def test_a_turned_heic_stands_upright_once():
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.fromarray(quarters()).transpose(Image.Transpose.ROTATE_90)
    read = read_photo(heic(image, exif=exif.tobytes()))
    assert (read.full_width, read.full_height) == (320, 240)
    assert corners(read.pixels) == pytest.approx(corners(quarters()), abs=14)


def test_sixteen_bits_of_grey_keep_their_brightness():
    grey = np.full((80, 100), 40_000, np.uint16)
    for kind in ("PNG", "TIFF"):
        read = read_photo(written(kind, Image.fromarray(grey)))
        assert read.pixels.shape == (80, 100, 3)
        assert (read.pixels == 40_000 >> 8).all()


def png_of_16_bit_colour(pixels):
    """Pillow writes no 16-bit colour: the file is put together by hand."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels.astype(np.uint16) * 257)

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_sixteen_bits_of_colour_are_read():
    read = read_photo(png_of_16_bit_colour(quarters()))
    assert corners(read.pixels) == pytest.approx(corners(quarters()), abs=1)


def test_grey_and_cmyk_jpegs_are_read_as_colour():
    grey = read_photo(written("JPEG", Image.fromarray(quarters()).convert("L")))
    assert grey.pixels.shape == (240, 320, 3)
    cmyk = read_photo(written("JPEG", Image.fromarray(quarters()).convert("CMYK"), quality=95))
    assert corners(cmyk.pixels) == pytest.approx(corners(quarters()), abs=14)


def test_an_embedded_profile_is_obeyed():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.createProfile("sRGB")
    image = ImageCms.profileToProfile(Image.fromarray(quarters()), srgb, lab, outputMode="LAB")
    assert image is not None
    read = read_photo(written("TIFF", image, icc_profile=lab.tobytes()))
    assert corners(read.pixels) == pytest.approx(corners(quarters()), abs=14)


def test_a_broken_profile_counts_as_none():
    read = read_photo(written("JPEG", icc_profile=b"no profile", quality=95))
    assert corners(read.pixels) == pytest.approx(corners(quarters()), abs=12)


def test_what_is_transparent_lies_on_white():
    image = Image.new("RGBA", (90, 90), (200, 0, 0, 0))
    assert (read_photo(written("PNG", image)).pixels == 255).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_smaller_decoding_is_never_smaller_than_asked_and_knows_the_full_size(kind):
    data = written(kind, Image.fromarray(quarters(2000, 1500)))
    read = read_photo(data, long_side_px=400)
    assert 400 <= max(read.pixels.shape) <= 800
    assert (read.full_width, read.full_height) == (2000, 1500)
    assert read.full_px_per_px == pytest.approx(2000 / read.pixels.shape[1])
    assert read.sha256 == sha256_of(data)


def test_a_second_view_behind_a_jpeg_is_not_looked_at():
    frames = [Image.fromarray(quarters()), Image.fromarray(quarters()[::-1])]
    data = written("MPO", frames[0], save_all=True, append_images=frames[1:], quality=95)
    assert corners(read_photo(data).pixels) == pytest.approx(corners(quarters()), abs=12)


def test_a_picture_to_show_has_no_exif_and_is_no_larger_than_asked():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Room 12"
    shown = jpeg_to_show(
        written(
            "JPEG", exif=exif, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        ),
        long_side_px=200,
    )
    with Image.open(io.BytesIO(shown)) as image:
        assert image.size == (150, 200)
        assert not image.getexif()
        assert "icc_profile" not in image.info
    assert b"Room 12" not in shown


def test_a_small_picture_to_show_keeps_its_size():
    with Image.open(io.BytesIO(jpeg_to_show(written("PNG"), long_side_px=2048))) as image:
        assert image.size == (320, 240)


def moving(kind):
    frames = [Image.fromarray(quarters()), Image.fromarray(quarters()[::-1])]
    return written(kind, frames[0], save_all=True, append_images=frames[1:])


def zip_behind(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


def broken_in_the_middle(data):
    return data[: len(data) // 2] + b"\0" * 300 + data[len(data) // 2 + 300 :]


NO_PHOTOGRAPHS = {
    "empty": (lambda: b"", "empty"),
    "text": (lambda: b"Dear colleagues", "not a photograph"),
    "HTML": (lambda: b"<!DOCTYPE html><html></html>", "web page"),
    "SVG": (lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "drawing"),
    "PDF": (lambda: b"%PDF-1.7 ...", "PDF"),
    "GIF": (lambda: written("GIF"), "GIF"),
    "film": (lambda: b"\0\0\0\x18ftypmp42" + bytes(64), "film"),
    "JPEG cut off": (lambda: written("JPEG")[:-700], "cut off"),
    "JPEG of three bytes": (lambda: b"\xff\xd8\xff", "JPEG file is"),
    "PNG cut off": (lambda: written("PNG")[:-300], "PNG file is"),
    "PNG damaged": (lambda: broken_in_the_middle(written("PNG")), "PNG file is"),
    "WebP cut off": (lambda: written("WEBP")[:-100], "WebP file is"),
    "TIFF cut off": (lambda: written("TIFF")[:2000], "TIFF file is"),
    "HEIC cut off": (lambda: heic(Image.fromarray(quarters()))[:-200], "HEIC file is"),
    "moving PNG": (lambda: moving("PNG"), "several pictures"),
    "moving WebP": (lambda: moving("WEBP"), "several pictures"),
    "TIFF of two pages": (lambda: moving("TIFF"), "several pictures"),
    "JPEG and archive": (lambda: zip_behind(written("JPEG")), "something else"),
    "JPEG and page": (lambda: written("JPEG") + b"<html><b>", "something else"),
    "JPEG and script": (lambda: written("JPEG", comment=b"<script>alert(1)</script>"), "something else"),
    "JPEG and PDF": (lambda: written("JPEG", comment=b"%PDF-1.4"), "something else"),
    "numbers of 32 bits": (
        lambda: written("TIFF", Image.fromarray(np.zeros((40, 40), np.float32))),
        "32 bits",
    ),
}


@pytest.mark.parametrize("name", NO_PHOTOGRAPHS)
def test_refuses_what_is_no_photograph_and_says_what_it_is(name):
    make, said = NO_PHOTOGRAPHS[name]
    with pytest.raises(PhotoRefused, match=said):
        read_photo(make())


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1), (3, 16_384), (2500, 2)])
def test_a_picture_that_is_one_thin_line_is_decoded_smaller_like_any_other(size):
    data = written("JPEG", Image.new("RGB", size, (200, 40, 40)))
    read = read_photo(data, long_side_px=1024)
    assert (read.full_width, read.full_height) == size
    assert 1024 <= max(read.pixels.shape) <= max(size)
    assert Image.open(io.BytesIO(jpeg_to_show(data, long_side_px=1024))).format == "JPEG"


def test_a_jpeg_that_lies_about_being_a_thin_line_is_damaged():
    data = written("JPEG")
    at = data.index(b"\xff\xc0") + 5
    with pytest.raises(PhotoRefused, match="JPEG file is"):
        read_photo(data[:at] + struct.pack(">HH", 65_535, 1) + data[at + 4 :], long_side_px=1024)


@pytest.mark.parametrize("mode", ["1", "LA", "RGBA", "P", "I;16"])
def test_a_picture_that_is_decoded_smaller_has_the_colours_of_the_whole(mode):
    grey = Image.new("L", (400, 300), 128) if mode != "I;16" else Image.new("I;16", (400, 300), 128 * 257)
    data = written("PNG", grey.convert(mode, dither=Image.Dither.NONE))
    small, whole = read_photo(data, long_side_px=100), read_photo(data)
    assert (small.pixels.shape, small.full_width) == ((75, 100, 3), 400)
    assert abs(int(small.pixels[5, 5, 0]) - int(whole.pixels[20, 20, 0])) <= 1


def test_a_small_file_with_a_huge_picture_is_refused_before_it_is_decoded(monkeypatch):
    data = written("PNG", Image.new("1", (30_000, 3_000)))
    assert len(data) < 50_000
    with pytest.raises(PhotoRefused, match="80 million pixels"):
        read_photo(data)
    monkeypatch.setattr(photo, "MAX_PIXELS", 1000)
    with pytest.raises(PhotoRefused, match="pixels"):
        read_photo(heic(Image.fromarray(quarters())))


def test_a_file_that_is_too_large_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr(file_kinds, "MAX_BYTES", 1_000_000)
    with pytest.raises(PhotoRefused, match="The file has 2 MB; 1 MB is the most"):
        read_photo(bytes(2_000_000))


def test_a_film_that_a_phone_hides_behind_a_photograph_is_no_refusal():
    assert read_photo(written("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(300)).full_width == 320


def test_a_path_that_cannot_be_opened_is_refused_by_its_name(tmp_path):
    with pytest.raises(PhotoRefused, match=r"none\.jpg cannot be opened"):
        read_bytes(tmp_path / "none.jpg")
    (tmp_path / "one.jpg").write_bytes(jpeg_bytes(quarters()))
    assert read_bytes(tmp_path / "one.jpg") == jpeg_bytes(quarters())
