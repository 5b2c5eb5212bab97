"""Images of Perl's Storable in network order, as much of them as a request of IKC needs: undef, booleans, integers, strings, arrays,
hashes, references to scalars, objects as data, and what refers to an earlier item.

It lacks native images, code, regular expressions, hooks and restricted hashes; floats become the strings that Perl makes of them. It
shares nothing with Slipway but the protocol; `ikc.py` uses it.
"""

DEPTH_MAX = 100


class Wrong(Exception):
    """What another kernel sent, or asks for, and why it cannot be: for its eyes."""


class Ref:
    """A reference to a scalar, or to a reference. Lists and dictionaries are references already."""

    def __init__(self, value):
        self.value = value


class Blessed:
    """A reference to an object of a class, as data."""

    def __init__(self, name, value):
        self.name, self.value = name, value


REFERENCES = (list, dict, Ref, Blessed)


def uint32(number):
    return number.to_bytes(4, "big")


def is_wide(text):
    """Strings are byte strings while all their characters are below 256, as Perl has them."""
    return max(text, default="") > "\xff"


class Writer:
    def __init__(self):
        self.out = bytearray(b"\x05\x0b")
        self.count = 0  # of items: scalars, arrays, hashes
        self.numbers = {}  # of what can be referred to again, by identity

    def image(self, value):
        self.referent(value if isinstance(value, REFERENCES) else Ref(value))
        return bytes(self.out)

    def referent(self, value):
        if id(value) in self.numbers:
            self.out += b"\x00" + uint32(self.numbers[id(value)])
            return
        self.numbers[id(value)] = self.count
        if isinstance(value, Blessed):
            name, value = value.name.encode("latin-1"), value.value
            self.out += b"\x11" + (bytes([len(name)]) if len(name) < 128 else b"\x80" + uint32(len(name))) + name
        if isinstance(value, Ref):
            self.scalar(value.value)
            return
        self.count += 1
        if isinstance(value, list):
            self.out += b"\x02" + uint32(len(value))
            for each in value:
                self.scalar(each)
            return
        flagged = any(map(is_wide, value))
        self.out += (b"\x19\x00" if flagged else b"\x03") + uint32(len(value))
        for key, each in value.items():
            self.scalar(each)
            text = key.encode("utf-8" if is_wide(key) else "latin-1")
            self.out += (bytes([is_wide(key)]) if flagged else b"") + uint32(len(text)) + text

    def scalar(self, value):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        self.count += 1
        if isinstance(value, REFERENCES):
            self.out += b"\x04"
            self.referent(value)
        elif value is None:
            self.out += b"\x05"
        elif isinstance(value, bool):
            self.out += b"\x0f" if value else b"\x10"
        elif isinstance(value, int) and -128 <= value <= 127:
            self.out += bytes([8, value + 128])
        elif isinstance(value, int) and -(1 << 31) <= value < 1 << 31:
            self.out += b"\x09" + value.to_bytes(4, "big", signed=True)
        else:
            text = "%.15g" % value if isinstance(value, float) else str(value)
            short, long, text = (0x17, 0x18, text.encode()) if is_wide(text) else (0x0A, 0x01, text.encode("latin-1"))
            self.out += (bytes([short, len(text)]) if len(text) < 256 else bytes([long]) + uint32(len(text))) + text


class Reader:
    def __init__(self, image, fault):
        self.image, self.at, self.fault = image, 2, fault
        self.seen = []  # items by their number: whether it is a scalar, and what it is
        self.classes = []

    def whole(self):
        if self.image[:1] != b"\x05":
            raise Wrong("no image in network order of Storable 2")
        return self.referent(0)

    def take(self, size):
        taken = self.image[self.at : self.at + size]
        if len(taken) < size:
            raise Wrong(f"the image ends at byte {len(self.image)}, before what it announces")
        self.at += size
        return taken

    def byte(self):
        return self.take(1)[0]

    def number(self):
        return int.from_bytes(self.take(4), "big")

    def counted(self, least):
        """A number of things that have so many bytes at least: what cannot be there is not waited for."""
        count = self.number()
        if count * least > len(self.image) - self.at:
            raise Wrong(f"the image announces {count} at byte {self.at - 4}, more than there is")
        return range(count)

    def referent(self, depth):
        """What is referred to: a container or an object as itself, and a scalar in a Ref."""
        if depth > DEPTH_MAX:
            raise Wrong(f"the image is deeper than {DEPTH_MAX}")
        place, opcode = len(self.seen), self.byte()
        if opcode == 0x00:
            is_scalar, value = self.listed(self.seen, self.number())
            return Ref(value) if is_scalar else value
        if opcode in (0x11, 0x12):
            blessed = Blessed(self.class_name(opcode), None)
            blessed.value = self.referent(depth + 1)
            self.seen[place : place + 1] = [(False, blessed)]
            return blessed
        if opcode == 0x02:
            items = []
            self.seen.append((False, items))
            for _ in self.counted(1):
                items.append(self.element(depth))
            return items
        if opcode in (0x03, 0x19):
            entries = {}
            self.seen.append((False, entries))
            if opcode == 0x19 and self.byte():
                raise Wrong(f"a restricted hash before byte {self.at}")
            for _ in self.counted(5):
                value = self.element(depth)
                utf8 = opcode == 0x19 and self.byte() & 1
                entries[self.text(self.number(), utf8)] = value
            return entries
        self.at -= 1
        return Ref(self.element(depth))

    def element(self, depth):
        """A scalar, as what is in it."""
        place, opcode = len(self.seen), self.byte()
        if opcode == 0x00:
            return self.listed(self.seen, self.number())[1]
        self.seen.append((True, None))
        is_reference = opcode in (0x04, 0x14, 0x1B, 0x1C)
        value = self.referent(depth + 1) if is_reference else self.scalar(opcode)
        self.seen[place] = (True, value)
        return value

    def scalar(self, opcode):
        if opcode in (0x05, 0x0E, 0x1F):
            return None
        if opcode in (0x0F, 0x10):
            return opcode == 0x0F
        if opcode == 0x08:
            return self.byte() - 128
        if opcode == 0x09:
            return int.from_bytes(self.take(4), "big", signed=self.fault != "unsigned")
        if opcode in (0x0A, 0x17):
            return self.text(self.byte(), opcode == 0x17)
        if opcode in (0x01, 0x18):
            return self.text(self.number(), opcode == 0x18)
        raise Wrong(f"opcode {opcode} before byte {self.at} is corrupted, or not read here")

    def text(self, size, utf8):
        try:
            return self.take(size).decode("utf-8" if utf8 else "latin-1")
        except UnicodeDecodeError as error:
            raise Wrong(f"no UTF-8 before byte {self.at}") from error

    def class_name(self, opcode):
        short = self.byte()
        number = self.number() if short & 0x80 else short
        if opcode == 0x12:
            return self.listed(self.classes, number)
        self.classes.append(self.text(number, False))
        return self.classes[-1]

    def listed(self, known, number):
        if number >= len(known):
            raise Wrong(f"number {number} of {len(known)} before byte {self.at}")
        return known[number]


def freeze(value):
    return Writer().image(value)


def thaw(payload, fault=None):
    """Reads the image, and whatever is wrong with it raises Wrong."""
    return Reader(payload, fault).whole()
