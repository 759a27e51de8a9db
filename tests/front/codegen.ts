import { existsSync, readFileSync, readdirSync } from "node:fs";
import type { CodegenConfig } from "@graphql-codegen/cli";

// The journeys of the docs, and the documents of this page.
const documents = ["../../docs/api/journeys", "documents"]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((path) => path.endsWith(".graphql"));
const ofOpenData = (path: string) => /^# as: open-data$/m.test(readFileSync(path, "utf8"));

const types = {
  preset: "client" as const,
  presetConfig: { fragmentMasking: false },
  config: {
    // Strings at run time: pages and mini-programs need no GraphQL parser.
    documentMode: "string",
    enumsAsTypes: true,
    useTypeImports: true,
    // Every scalar of the schemas is named here; a new one fails the run.
    strictScalars: true,
    scalars: {
      Date: "string",
      DateTime: "string",
      LocalDateTime: "string",
      Time: "string",
      Upload: "Blob",
    },
  },
};

const openData = documents.filter(ofOpenData);
const config: CodegenConfig = {
  generates: {
    "src/generated/": {
      ...types,
      schema: "../../schema/snapshots/main.graphql",
      documents: documents.filter((path) => !ofOpenData(path)),
    },
    ...(openData.length > 0 && {
      "src/generated/open-data/": {
        ...types,
        schema: "../../schema/snapshots/open_data.graphql",
        documents: openData,
      },
    }),
  },
};

export default config;
