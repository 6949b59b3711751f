// Files of every kind that messages take: the smallest that are what their name says.

export const MEGABYTE = 1024 * 1024;

/** A picture of one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/58hAAYIAf+7lVZfAAAAAElFTkSuQmCC',
  'base64',
);

/** The 58 of the list; zip comes beside them. */
export const EXTENSIONS = (
  '3g2 3gp 7z aac amr avi bmp csv doc docx eml gif heic heif ics jfif jpeg jpg key log m4a m4v mov mp3 mp4 mp4a mpeg mpg ' +
  'mpga neon numbers odt oga ogg ogv opus pages pdf png pps ppsx ppt pptx qt svg tif tiff txt vcf wav webm webp wmv xls ' +
  'xlsx xml yaml yml'
).split(' ');

const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const film = (brand) => bytes([0, 0, 0, 24], `ftyp${brand}`, [0, 0, 2, 0], brand, 'isom');
const ogg = (codec) => bytes('OggS', [0, 2, ...Array(20).fill(0), 1, 30], codec);
/** The old compound files, which name their main stream. */
const office = (stream) => bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], Buffer.alloc(504), Buffer.from(stream, 'utf16le'), Buffer.alloc(8));
const mp3 = bytes('ID3', [4, 0, 0, 0, 0, 0, 0], [0xff, 0xfb, 0x90, 0], Buffer.alloc(64));
const asf = bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c], Buffer.alloc(32));
const mpeg = bytes([0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1], Buffer.alloc(32));
const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF', [0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xd9]);
const tiff = bytes('II', [0x2a, 0, 8, 0, 0, 0], Buffer.alloc(16));

/** An archive with stored entries. */
function archive(entries) {
  const locals = [];
  const heads = [];
  let at = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)];
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc(content), 10);
    head.writeUInt32LE(content.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(path.length, 22);
    const local = bytes('PK\u0003\u0004', head, path, content);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    heads.push(bytes('PK\u0001\u0002', [20, 0], head, place, path));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(heads);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(heads.length, 4);
  end.writeUInt16LE(heads.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return bytes(...locals, directory, 'PK\u0005\u0006', end);
}

function crc(content) {
  let sum = ~0;
  for (const byte of content) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

const openXml = (part) =>
  archive({
    '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    [part]: '<?xml version="1.0"?><x/>',
  });
const iwork = (part) => archive({ 'Index/Document.iwa': 'x', [part]: 'x', 'Metadata/Properties.plist': 'x' });

const KINDS = {
  '3g2': film('3g2a'),
  '3gp': film('3gp4'),
  '7z': bytes('7z', [0xbc, 0xaf, 0x27, 0x1c, 0, 4], Buffer.alloc(24)),
  aac: bytes([0xff, 0xf1, 0x50, 0x80, 1, 0x1f, 0xfc], Buffer.alloc(32)),
  amr: bytes('#!AMR\n', Buffer.alloc(32)),
  avi: bytes('RIFF', [36, 0, 0, 0], 'AVI LIST', Buffer.alloc(24)),
  bmp: bytes('BM', [58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0], Buffer.alloc(28)),
  doc: office('WordDocument'),
  docx: openXml('word/document.xml'),
  eml: bytes('From: ada@example.com\r\nTo: noor@example.com\r\nSubject: A mug\r\n\r\nIt is blue.\r\n'),
  gif: bytes('GIF89a', [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]),
  heic: film('heic'),
  heif: film('mif1'),
  ics: bytes('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'),
  jfif: jpeg,
  jpeg,
  jpg: jpeg,
  key: iwork('Index/Slide.iwa'),
  m4a: film('M4A '),
  m4v: film('M4V '),
  mov: film('qt  '),
  mp3,
  mp4: film('mp42'),
  mp4a: film('M4A '),
  mpeg,
  mpg: mpeg,
  mpga: mp3,
  numbers: iwork('Index/Tables/DataList.iwa'),
  odt: archive({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<?xml version="1.0"?><x/>' }),
  oga: ogg('\u0001vorbis'),
  ogg: ogg('\u0001vorbis'),
  ogv: ogg('\u0080theora'),
  opus: ogg('OpusHead'),
  pages: iwork('Index/Section.iwa'),
  pdf: bytes('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
  png: PIXEL,
  pps: office('PowerPoint Document'),
  ppsx: openXml('ppt/presentation.xml'),
  ppt: office('PowerPoint Document'),
  pptx: openXml('ppt/presentation.xml'),
  qt: film('qt  '),
  svg: bytes('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'),
  tif: tiff,
  tiff,
  vcf: bytes('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n'),
  wav: bytes('RIFF', [36, 0, 0, 0], 'WAVEfmt ', [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0], 'data', [0, 0, 0, 0]),
  webm: bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x84], 'webm', Buffer.alloc(32)),
  webp: bytes('RIFF', [26, 0, 0, 0], 'WEBPVP8 ', [14, 0, 0, 0, 0x30, 1, 0, 0x9d, 1, 0x2a, 1, 0, 1, 0, 2, 0, 0x34, 0x25]),
  wmv: asf,
  xls: office('Workbook'),
  xlsx: openXml('xl/workbook.xml'),
  xml: bytes('<?xml version="1.0"?><order><piece>mug</piece></order>'),
  zip: archive({ 'price.txt': '28 euros', 'plan.png': PIXEL }),
};

/** A file of this kind; text of a wanted length where the kind is text. */
export function sample(extension, length) {
  if (length) return Buffer.alloc(length, 'One mug, 28 euros.\n');
  return KINDS[extension] ?? bytes('piece,price\nmug,28\n');
}
