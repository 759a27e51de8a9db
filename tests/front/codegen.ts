import { existsSync } from "node:fs";
import type { CodegenConfig } from "@graphql-codegen/cli";

// The journeys of the docs, and the documents of this page.
const documents = ["../../docs/api/journeys", "documents"]
  .filter((folder) => existsSync(folder))
  .map((folder) => `${folder}/*.graphql`);

const config: CodegenConfig = {
  schema: "../../schema/snapshots/main.graphql",
  documents,
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        // Strings at run time: pages and mini-programs need no GraphQL parser.
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        // Every scalar of the schema is named here; a new one fails the run.
        strictScalars: true,
        scalars: {
          Date: "string",
          DateTime: "string",
          Time: "string",
          Upload: "Blob",
        },
      },
    },
  },
};

export default config;
