/** Asking the main API: typed by the document, with the three ways in which it can go wrong. */

import type { TypedDocumentString } from "./generated/graphql.js";

/** The request itself was refused: `code` is the one of `errors[].extensions.code`. */
export class RequestRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Nobody is signed in any more: show the sign-in page, then ask again. */
export class SignedOut extends RequestRefused {}

interface GraphQLAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

export class Api {
  private token: string | null = null;

  constructor(private readonly base: string) {}

  /** The headers that say who asks; graphql-ws takes them as connectionParams. */
  get headers(): Record<string, string> {
    return this.token === null ? {} : { "X-Session-Token": this.token };
  }

  async signIn(username: string, password: string): Promise<void> {
    const response = await fetch(`${this.base}/_allauth/app/v1/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    const answer = (await response.json()) as { meta?: { session_token?: string } };
    const token = answer.meta?.session_token;
    if (!response.ok || token === undefined) {
      throw new SignedOut("sign_in_refused", `sign-in answered ${response.status}`);
    }
    this.token = token;
  }

  async ask<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    headers: Record<string, string> = {},
  ): Promise<Data> {
    const response = await fetch(`${this.base}/graphql/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...this.headers, ...headers },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const answer = (await response.json()) as GraphQLAnswer<Data>;
    const error = answer.errors?.[0];
    if (error !== undefined) {
      const code = error.extensions?.code ?? "unknown";
      if (response.status === 401) {
        this.token = null;
        throw new SignedOut(code, error.message);
      }
      throw new RequestRefused(code, error.message);
    }
    if (answer.data === undefined || answer.data === null) {
      throw new RequestRefused("unknown", `answered ${response.status}`);
    }
    return answer.data;
  }
}
