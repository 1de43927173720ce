"""Archives as Python's own modules write them: python make.py (Pillow; the pictures are of one colour, red = 10, 20, ...)."""
import io, tarfile, zipfile
from PIL import Image

LONG = "a-class-whose-name-is-so-long-that-no-ustar-header-has-room-for-it-" + "and-on-" * 6  # 109 letters


def png(red):
    file = io.BytesIO()
    Image.new("RGB", (4, 4), (red, 0, 0)).save(file, "PNG")
    return file.getvalue()


# In no order; a class with a letter outside of ASCII, one with a long name, a hidden file, a folder of its own.
FILES = [("b\u00e9/2.png", png(40)), ("b\u00e9/1.png", png(30)), (f"{LONG}/1.png", png(10)), (f"{LONG}/2.png", png(20)),
         ("b\u00e9/._1.png", b"hidden")]

with zipfile.ZipFile("zip64.zip", "w") as archive:
    archive.writestr("pictures/", b"")
    for i, (name, data) in enumerate(FILES):
        info = zipfile.ZipInfo(f"pictures/{name}", (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if i % 2 else zipfile.ZIP_STORED
        with archive.open(info, "w", force_zip64=True) as entry:
            entry.write(data)

for name, format in [("gnu.tar", tarfile.GNU_FORMAT), ("pax.tar", tarfile.PAX_FORMAT)]:
    with tarfile.open(name, "w", format=format, pax_headers={"comment": "ours"} if "pax" in name else None) as archive:
        folder = tarfile.TarInfo("./pictures")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for path, data in FILES:
            info = tarfile.TarInfo(f"./pictures/{path}")
            if path.endswith("/2.png") and path.startswith("b"):
                info.size = 3
                archive.addfile(info, io.BytesIO(b"old"))  # appended again below: the later one counts
                continue
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        info = tarfile.TarInfo("./pictures/b\u00e9/2.png")
        info.size = len(FILES[0][1])
        archive.addfile(info, io.BytesIO(FILES[0][1]))
        link = tarfile.TarInfo("./pictures/b\u00e9/3.png")
        link.type, link.linkname = tarfile.LNKTYPE, "./pictures/b\u00e9/1.png"
        archive.addfile(link)
