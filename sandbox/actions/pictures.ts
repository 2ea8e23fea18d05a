import { crc32, deflateSync } from 'node:zlib';
import { getVisible } from '../roles.ts';
import { fileAnswer } from '../server/answer.ts';
import { type Call, numericIds } from '../server/call.ts';

const namedColors: Readonly<Record<string, Color>> = {
  Red: [200, 30, 30],
  Orange: [230, 130, 20],
  Yellow: [235, 205, 40],
  Green: [40, 150, 60],
  Blue: [40, 90, 200],
  White: [245, 245, 245],
};

/** A picture of a record: of a priority its colour, of a person one of their own (CW 5.8.4). */
export function showImage(key: string): (call: Call) => Response {
  return (call) => {
    const [id = 0] = numericIds(call);
    const { value } = getVisible(call.context, key, id);
    const name = typeof value.color === 'string' ? value.color : '';
    const own: Color = [(id * 67) % 200, (id * 131) % 200, (id * 29) % 200];
    return fileAnswer(renderPng(namedColors[name] ?? own), 'image/png');
  };
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

type Color = readonly [red: number, green: number, blue: number];

/** A square of one colour as a PNG file. */
function renderPng(color: Color, size = 48): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  // Eight bits a channel, red green blue; compression, filter and interlace of the standard's only kind.
  header.set([8, 2, 0, 0, 0], 8);
  // Each row begins with the number of its filter, 0 for none.
  const row = Uint8Array.from([0, ...Array.from({ length: size }, () => color).flat()]);
  const pixels = Buffer.concat(Array.from({ length: size }, () => row));
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(pixels)),
      chunk('IEND', new Uint8Array()),
    ]),
  );
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
