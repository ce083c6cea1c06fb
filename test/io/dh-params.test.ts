import test from 'ava';
import * as fc from 'fast-check';
import { getDiffieHellman } from 'node:crypto';
import { holdsDhParams } from '../../src/io/dh-params.js';

const group = getDiffieHellman('modp5');
const der = sequence(integer(group.getPrime()), integer(group.getGenerator()));

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function integer(value: Buffer): Buffer {
  return element(0x02, Buffer.concat([Buffer.of(0), value]));
}

function element(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const head = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

function pem(bytes: Uint8Array, label = 'DH PARAMETERS'): Buffer {
  const text = Buffer.from(bytes).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return Buffer.from(`some text\n-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`);
}

test('parameters are found under both names', (t) => {
  t.true(holdsDhParams(pem(der)));
  t.true(holdsDhParams(pem(der, 'X9.42 DH PARAMETERS')));
  t.false(holdsDhParams(pem(der, 'CERTIFICATE')));
  t.false(holdsDhParams(Buffer.alloc(0)));
});

test('what ends too soon is none, whatever it is', (t) => {
  for (let length = 0; length < der.length; length++) {
    t.false(holdsDhParams(pem(der.subarray(0, length))), `${length} bytes`);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      holdsDhParams(Buffer.from(bytes));
      return typeof holdsDhParams(pem(bytes)) === 'boolean';
    }),
  );
});
