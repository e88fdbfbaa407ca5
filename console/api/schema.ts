// Made from the schemas of the admin API by `npm run console:types`; a test compares. Not to be edited.
/* biome-ignore-all lint: generated */
/* biome-ignore-all format: generated */

export type Account = { "id": string; "name": string; "settings": { "directoryMayGrantSuperAdmin": boolean; "inactivityDays": (30) | (60) | (90) }; "version": number; "createdAt": string; "updatedAt": string }

export type Actor = { "type": "operator" | "user" | "token" | "system" | "unknown"; "id": string | null; "label": string }

export type Attribute = { "id": string; "name": string; "type": "text" | "number" | "boolean" | "date" | "choice"; "description": string; "choices": ((string)[]) | (null); "path": string; "version": number; "createdAt": string; "updatedAt": string }

export type Certificate = { "subject": string; "sha256": string; "notAfter": string }

export type ClientSecret = ScimToken

export type Connection = { "id": string; "name": string; "idpKind": "okta" | "entra" | "generic"; "mode": "draft" | "observe" | "live" | "paused" | "disabled"; "onDisable": ("keep" | "suspend") | (null); "disabledAt": (string) | (null); "acceptDirectRoles": boolean; "acceptDirectEntitlements": boolean; "onNoSeat": "accept" | "reject"; "linkPolicy": "auto" | "review" | "never"; "accessTokenSeconds": number; "defaults": Effects; "scimBaseUrl": string; "tokenUrl": string; "clientId": string; "serviceProvider": { "entityId": string; "acsUrl": string; "sloUrl": string; "metadataUrl": string; "loginUrl": string }; "rulesVersion": number; "version": number; "createdAt": string; "updatedAt": string }

export type ConnectionHealth = { "connectionId": string; "name": string; "idpKind": "okta" | "entra" | "generic"; "mode": "draft" | "observe" | "live" | "paused" | "disabled"; "state": "stopped" | "failing" | "attention" | "quiet" | "healthy" | "draft" | "disabled"; "reasons": ({ "code": "token_expired" | "token_refused" | "no_token" | "requests_failing" | "person_failing" | "certificate_expired" | "token_expiring" | "certificate_expiring" | "metadata_failing" | "saml_change_pending" | "seats_waiting" | "match_requests_open" | "warnings" | "never_used" | "quiet"; "params": { [name: string]: string | number | boolean | null } })[]; "lastRequestAt"?: string | undefined; "lastSuccessAt"?: string | undefined; "lastChangeAt"?: string | undefined; "users": number; "groups": number; "requests24h": number; "failures24h": number; "failuresByHour": ({ "hour": string; "requests": number; "failures": number })[]; "token"?: { "id": string; "last4": string; "expiresAt": string; "daysLeft": number } | undefined; "certificate"?: { "sha256": string; "notAfter": string; "daysLeft": number } | undefined }

export type ConnectionSetup = { "checks": ({ "check": "address_reached" | "token_seen" | "token_accepted" | "idp_recognised" | "lookup_answered" | "first_user" | "external_id" | "first_update" | "first_deactivation" | "first_group" | "sign_in" | "same_person"; "state": "done" | "waiting" | "problem"; "at"?: string | undefined; "code"?: "token_missing" | "token_unknown" | "token_expired" | "connection_disabled" | "other_idp" | "external_id_missing" | "external_id_no_object_id" | "sign_in_failed" | "other_person" | undefined; "params"?: { [name: string]: (string) | (number) | (boolean) | (null) | ((string)[]) } | undefined })[]; "requests": ({ "id": string; "time": string; "method": string; "path": string; "status": number; "code"?: string | undefined; "userAgent"?: string | undefined })[]; "hints": ({ "code": "nothing_arrived" | "wrong_path" | "token_missing" | "token_mismatch" | "connection_draft" | "no_user_sent" | "groups_without_members" | "match_requests_open" | "sign_in_unknown_person"; "params": { [name: string]: (string) | (number) | (boolean) | (null) | ((string)[]) } })[] }

export type DirectoryGroup = { "id": string; "displayName": string; "externalId"?: string | undefined; "members": number; "created": string; "lastModified": string; "rules": ({ "id": string; "priority": number; "enabled": boolean; "condition": (string) | (null); "note": string | null; "state": "ok" | "broken" })[] }

export type Domain = { "name": string; "state": "pending" | "verified"; "txtName": string; "txtRecord": string; "ssoRequired": boolean; "createdAt": string; "verifiedAt": (string) | (null) }

export type Effects = { "role"?: string | undefined; "products"?: ({ "key": string; "features"?: { [name: string]: boolean } | undefined })[] | undefined; [name: string]: unknown }

export type Event = { "id": string; "time": string; "source": "scim" | "sso" | "admin" | "self" | "system"; "action": "account.created" | "account.updated" | "attribute.created" | "attribute.deleted" | "attribute.updated" | "bulk.finished" | "client.refused" | "client.signed_in" | "connection.created" | "connection.self_tested" | "connection.updated" | "connection.deleted" | "domain.added" | "domain.removed" | "domain.updated" | "domain.verified" | "export.created" | "federation.removed" | "federation.set" | "grant.added" | "grant.removed" | "group.created" | "group.deleted" | "group.members_changed" | "group.updated" | "invitation.accepted" | "job.finished" | "mail.failed" | "match_request.decided" | "password.changed" | "password.reset_asked" | "product.created" | "product.updated" | "request.refused" | "role.created" | "role.updated" | "rule.created" | "rule.deleted" | "rule.updated" | "rules.reapplied" | "saml.certificate_expiring" | "saml.change_accepted" | "saml.change_discarded" | "saml.change_pending" | "saml.metadata_expiring" | "saml.metadata_refresh_failed" | "saml.metadata_refreshed" | "second_factor.codes_renewed" | "second_factor.enabled" | "second_factor.disabled" | "secret.created" | "secret.expiring" | "secret.revoked" | "session.ended" | "setup_link.created" | "signin.failed" | "signin.succeeded" | "signin.tested" | "signing_keys.rotated" | "token.created" | "token.expiring" | "token.refused" | "token.revoked" | "user.access_changed" | "user.created" | "user.deactivated" | "user.deleted" | "user.erased" | "user.invited" | "user.linked" | "user.reactivated" | "user.restored" | "user.updated" | "webhook.created" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "webhook.secret_rotated" | "webhook.updated"; "outcome": "success" | "warning" | "no_change" | "failure" | "held" | "observed"; "code"?: string | undefined; "message"?: string | undefined; "actor": Actor; "subject": ({ "type": string; "id": string | null; [name: string]: unknown }) | (null); "userId"?: string | undefined; "connectionId"?: string | undefined; "tokenId"?: string | undefined; "correlationId": string; "http"?: { "method": string; "path": string; "status": number; "durationMs": number; "address": string; [name: string]: unknown } | undefined; "changes": ({ "attribute": string; "before": unknown; "after": unknown })[]; "effects": ({ "kind": string; [name: string]: unknown })[]; "warnings": ({ "code": string; "message": string })[]; "signIn"?: { "flow": "sp" | "idp"; "nameId"?: string | undefined; "checks"?: ({ "check": string; "passed": boolean })[] | undefined; "expected"?: string | undefined; "received"?: string | undefined; "skewMs"?: number | undefined; "assertionAgeMs"?: number | undefined; "certificate"?: string | undefined; "attributes"?: (string)[] | undefined; "remedy"?: string | undefined; [name: string]: unknown } | undefined }

export type EventDetail = { "id": string; "time": string; "source": "scim" | "sso" | "admin" | "self" | "system"; "action": "account.created" | "account.updated" | "attribute.created" | "attribute.deleted" | "attribute.updated" | "bulk.finished" | "client.refused" | "client.signed_in" | "connection.created" | "connection.self_tested" | "connection.updated" | "connection.deleted" | "domain.added" | "domain.removed" | "domain.updated" | "domain.verified" | "export.created" | "federation.removed" | "federation.set" | "grant.added" | "grant.removed" | "group.created" | "group.deleted" | "group.members_changed" | "group.updated" | "invitation.accepted" | "job.finished" | "mail.failed" | "match_request.decided" | "password.changed" | "password.reset_asked" | "product.created" | "product.updated" | "request.refused" | "role.created" | "role.updated" | "rule.created" | "rule.deleted" | "rule.updated" | "rules.reapplied" | "saml.certificate_expiring" | "saml.change_accepted" | "saml.change_discarded" | "saml.change_pending" | "saml.metadata_expiring" | "saml.metadata_refresh_failed" | "saml.metadata_refreshed" | "second_factor.codes_renewed" | "second_factor.enabled" | "second_factor.disabled" | "secret.created" | "secret.expiring" | "secret.revoked" | "session.ended" | "setup_link.created" | "signin.failed" | "signin.succeeded" | "signin.tested" | "signing_keys.rotated" | "token.created" | "token.expiring" | "token.refused" | "token.revoked" | "user.access_changed" | "user.created" | "user.deactivated" | "user.deleted" | "user.erased" | "user.invited" | "user.linked" | "user.reactivated" | "user.restored" | "user.updated" | "webhook.created" | "webhook.deleted" | "webhook.disabled" | "webhook.replayed" | "webhook.secret_rotated" | "webhook.updated"; "outcome": "success" | "warning" | "no_change" | "failure" | "held" | "observed"; "code"?: string | undefined; "message"?: string | undefined; "actor": Actor; "subject": ({ "type": string; "id": string | null; [name: string]: unknown }) | (null); "userId"?: string | undefined; "connectionId"?: string | undefined; "tokenId"?: string | undefined; "correlationId": string; "http"?: { "method": string; "path": string; "status": number; "durationMs": number; "address": string; [name: string]: unknown } | undefined; "changes": ({ "attribute": string; "before": unknown; "after": unknown })[]; "effects": ({ "kind": string; [name: string]: unknown })[]; "warnings": ({ "code": string; "message": string })[]; "signIn"?: { "flow": "sp" | "idp"; "nameId"?: string | undefined; "checks"?: ({ "check": string; "passed": boolean })[] | undefined; "expected"?: string | undefined; "received"?: string | undefined; "skewMs"?: number | undefined; "assertionAgeMs"?: number | undefined; "certificate"?: string | undefined; "attributes"?: (string)[] | undefined; "remedy"?: string | undefined; [name: string]: unknown } | undefined; "steps": ({ "step": string; "result": "passed" | "failed" | "skipped" | "warning"; "params": { [name: string]: (string) | (number) | (boolean) | (null) | ((string)[]) } })[]; "rules": ({ "id": string; "connectionId": (string) | (null); "priority": (number) | (null); "condition": string | null; "note": string | null; "deleted": boolean })[]; "payload"?: ({ "request": string | null; "response": string | null }) | (null) | undefined }

export type Export = { "id": string; "kind": "events" | "users"; "format": "csv" | "jsonl"; "state": "running" | "finished" | "failed" | "cancelled"; "rows": number; "progress": number; "filter": { [name: string]: unknown }; "createdAt": string; "by": Actor }

export type Federation = { "issuer": string; "jwksUrl": string; "subject": string; "audience": string; "clientId": string; "tokenUrl": string; "keysFetchedAt": (string) | (null); "keysFailure": string | null; "lastUsedAt": (string) | (null); "lastUsedIp": string | null; "version": number; "createdAt": string; "updatedAt": string }

export type Grant = { "kind": "role" | "product"; "value": string; "source": "manual" | "attribute" | "rule" | "assertion" | "import" | "invitation" | "default"; "ruleId"?: string | undefined; "effect": "allow" | "deny"; "features": { [name: string]: boolean }; "reason": string | null; "actor": (Actor) | (null); "expiresAt": (string) | (null); "createdAt": string }

export type GroupPerson = { "userId": string; "scimId": string; "userName": string; "displayName": string; "status": "invited" | "active" | "suspended" | "deleted" }

export type IdentityProvider = { "entityId": string; "ssoRedirectUrl"?: string | undefined; "ssoPostUrl"?: string | undefined; "sloRedirectUrl"?: string | undefined; "sloPostUrl"?: string | undefined; "wantsSignedRequests": boolean; "validUntil"?: string | undefined; "metadataUrl"?: string | undefined }

export type IdpDifference = { "changes": ({ "attribute": string; "before": unknown; "after": unknown })[]; "certificates": { "added": (Certificate)[]; "removed": (Certificate)[]; "kept": (Certificate)[] }; "needsApproval": boolean }

export type Job = { "id": string; "kind": string; "state": "open" | "done" | "failed"; "progress": ({ [name: string]: unknown }) | (null); "failure": string | null; "attempts": number; "createdAt": string; "finishedAt": (string) | (null) }

export type License = { "product": string; "state": "pending" | "reserved" | "assigned" | "waiting"; "source": "manual" | "attribute" | "rule" | "assertion" | "import" | "invitation" | "default"; "ruleId"?: string | undefined; "features": { [name: string]: boolean }; "via"?: string | undefined; "waitingSince"?: string | undefined }

export type ListedRole = { "id": string; "key": string; "name": string; "kind": "system" | "custom"; "permissions": (Permission)[]; "rank": number; "createdAt": string; "members": number }

export type Mail = { "id": string; "userId": string; "to": string; "kind": "invitation" | "reset"; "subject": string; "text": string; "state": "queued" | "sent" | "kept" | "failed"; "failure": string | null; "createdAt": string; "sentAt": (string) | (null) }

export type MatchRequest = { "id": string; "connectionId": string; "userId": string; "cause": "domain_not_verified" | "admin_role" | "owner" | "review"; "incoming": { "userName": string; "externalId"?: string | undefined; "email": string | null; "displayName"?: string | undefined }; "state": "open" | "approved" | "refused" | "used"; "decidedBy": (Actor) | (null); "decidedAt": (string) | (null); "createdAt": string; "updatedAt": string }

export type Me = { "id": string; "email": string | null; "displayName": string; "givenName": string | null; "familyName": string | null; "language": string | null; "directoryManaged": boolean; "password": { "set": boolean; "changedAt": (string) | (null) }; "secondFactor": { "enabled": boolean; "recoveryCodesLeft": number } }

export type NewClientSecret = { "id": string; "last4": string; "state": "active" | "expired" | "revoked"; "createdAt": string; "expiresAt": string; "revokedAt": (string) | (null); "lastUsedAt": (string) | (null); "lastUsedIp": string | null; "clientId": string; "clientSecret": string }

export type NewScimToken = { "id": string; "last4": string; "state": "active" | "expired" | "revoked"; "createdAt": string; "expiresAt": string; "revokedAt": (string) | (null); "lastUsedAt": (string) | (null); "lastUsedIp": string | null; "token": string }

export type Overview = { "users": { "active": number; "invited": number; "suspended": number }; "seats": ({ "productId": string; "key": string; "name": string; "seats": number; "assigned": number; "reserved": number; "waiting": number })[]; "invitationsOlderThan7Days": number; "overrides": number; "openMatchRequests": number; "connections": (ConnectionHealth)[] }

export type Permission = "account.manage" | "users.view" | "users.create" | "users.edit" | "users.suspend" | "users.delete" | "users.import" | "roles.assign.member" | "roles.assign.any" | "roles.manage" | "groups.manage" | "templates.manage" | "licenses.view" | "licenses.manage" | "contacts.manage" | "telephony.manage" | "pbx.configure" | "reports.view" | "billing.view" | "billing.pay" | "connections.view" | "connections.manage" | "rules.manage" | "rules.manage.admin" | "logs.view" | "logs.payload" | "logs.export" | "held.decide" | "sso.manage" | "settings.manage"

export type Problem = { "type": string; "title": string; "status": number; "code": string; "detail": string; "requestId": string; "errors"?: ({ "path": string; "message": string })[] | undefined; [name: string]: unknown }

export type Product = { "id": string; "key": string; "name": string; "policy": "reserve_on_invite" | "assign_on_accept"; "features": { [name: string]: boolean }; "includes": (string)[]; "seats": number; "assigned": number; "reserved": number; "waiting": number; "version": number; "createdAt": string; "updatedAt": string }

export type Role = { "id": string; "key": string; "name": string; "kind": "system" | "custom"; "permissions": (Permission)[]; "rank": number; "createdAt": string }

export type Rule = { "id": string; "priority": number; "enabled": boolean; "condition": (string) | (null); "effects": Effects; "note": string | null; "state": "ok" | "broken"; "author": Actor; "version": number; "createdAt": string; "updatedAt": string }

export type RulePreview = { "people": number; "counts": ({ "field": "role" | "product"; "product"?: string | undefined; "change": "gain" | "lose" | "change" | "seat"; "people": number })[]; "pools": ({ "product": string; "seats": number; "now": { "used": number; "waiting": number }; "after": { "used": number; "waiting": number } })[]; "items": ({ "userId": string; "scimId": string; "userName": string; "displayName": string; "field": "role" | "product"; "product"?: string | undefined; "change": "gain" | "lose" | "change" | "seat"; "now": (string) | ({ [name: string]: boolean }) | (null); "after": (string) | ({ [name: string]: boolean }) | (null); "seat"?: { "now": ("pending" | "reserved" | "assigned" | "waiting") | (null); "after": ("pending" | "reserved" | "assigned" | "waiting") | (null) } | undefined; "ruleId"?: string | undefined })[]; "complete": boolean }

export type Saml = { "entityId": string; "acsUrl": string; "sloUrl": string; "metadataUrl": string; "loginUrl": string; "idp": IdentityProvider; "certificates": (Certificate)[]; "warnings": (SamlWarning)[]; "refresh": ({ "triedAt": (string) | (null); "succeededAt": (string) | (null); "nextAt": (string) | (null); "failures": number; "failure": string | null }) | (null); "pending": ({ "since": string; "idp": IdentityProvider; "certificates": (Certificate)[]; "difference": IdpDifference }) | (null); "allowIdpInitiated": boolean; "attributes": { "email"?: string | undefined; "externalId"?: string | undefined; "identifier"?: string | undefined; "groups"?: string | undefined; "roles"?: string | undefined }; "rolesFromAssertion": boolean; "audiences": (string)[]; "requiredContext": string | null; "sha1Until": (string) | (null); "sessionHours": number; "version": number }

export type SamlPreview = { "idp": IdentityProvider; "certificates": (Certificate)[]; "difference": IdpDifference; "warnings": (SamlWarning)[] }

export type SamlWarning = { "code": string; "message": string }

export type ScimToken = { "id": string; "last4": string; "state": "active" | "expired" | "revoked"; "createdAt": string; "expiresAt": string; "revokedAt": (string) | (null); "lastUsedAt": (string) | (null); "lastUsedIp": string | null }

export type SecurityEvent = { "iss": string; "iat": number; "jti": string; "sub_id": { "format": "scim" | "uri"; "uri": string; [name: string]: unknown }; "txn": string; "events": { [name: string]: { [name: string]: unknown } }; "usher": { "accountId": string; "action": string; [name: string]: unknown } }

export type SelfTest = { "passed": boolean; "steps": ({ "step": "address" | "token" | "discovery" | "create" | "lookup" | "patch" | "deactivate" | "delete" | "clean_up"; "outcome": "passed" | "failed" | "skipped"; "method"?: string | undefined; "url"?: string | undefined; "expected"?: string | undefined; "received"?: string | undefined; "ms"?: number | undefined; "code"?: "name_unknown" | "connection_refused" | "unreachable" | "timed_out" | "certificate" | "no_tls" | "redirected" | "other_server" | "gateway" | "blocked" | "method_blocked" | "token_lost" | "token_refused" | "server_failed" | "unexpected_answer" | undefined; "detail"?: string | undefined })[] }

export type Session = { "id": string; "method": "saml" | "password"; "connectionId": (string) | (null); "createdAt": string; "expiresAt": string; "address": string | null; "userAgent": string | null }

export type SignInTest = { "id": string; "loginUrl": string; "state": "open" | "passed" | "failed" | "expired"; "createdAt": string; "expiresAt": string; "event"?: Event | undefined }

export type SigningKey = { "id": string; "state": "next" | "current" | "previous"; "createdAt": string; "signsFrom": string; "retiresAt": (string) | (null) }

export type User = { "id": string; "email": string | null; "displayName": string; "givenName": string | null; "familyName": string | null; "origin": "local" | "directory"; "status": "invited" | "active" | "suspended" | "deleted"; "statusReason"?: "directory" | "admin" | "transfer_declined" | "transferred_out" | undefined; "flags": ("inactive" | "no_products" | "waiting_for_seat" | "no_sign_in" | "override" | "held")[]; "role": { "key": string; "source": "manual" | "attribute" | "rule" | "assertion" | "import" | "invitation" | "default"; "ruleId"?: string | undefined }; "licenses": (License)[]; "connectionId": (string) | (null); "webLoginAllowed": boolean; "lastSignInAt": (string) | (null); "version": number; "createdAt": string; "updatedAt": string }

export type UserDetail = { "id": string; "email": string | null; "displayName": string; "givenName": string | null; "familyName": string | null; "origin": "local" | "directory"; "status": "invited" | "active" | "suspended" | "deleted"; "statusReason"?: "directory" | "admin" | "transfer_declined" | "transferred_out" | undefined; "flags": ("inactive" | "no_products" | "waiting_for_seat" | "no_sign_in" | "override" | "held")[]; "role": { "key": string; "source": "manual" | "attribute" | "rule" | "assertion" | "import" | "invitation" | "default"; "ruleId"?: string | undefined }; "licenses": (License)[]; "connectionId": (string) | (null); "webLoginAllowed": boolean; "lastSignInAt": (string) | (null); "version": number; "createdAt": string; "updatedAt": string; "grants": (Grant)[]; "sessions": (Session)[]; "directoryUser": ({ "connectionId": string; "id": string; "userName": string; "externalId": string | null; "active": boolean; "document": { [name: string]: unknown }; "groups": ({ "id": string; "display": string })[]; "version": number; "createdAt": string; "lastModified": string }) | (null) }

export type WaitingPerson = { "position": number; "userId": string; "displayName": string | null; "email": string | null; "waitingSince": string; "source": string; "ruleId"?: string | undefined }

export type Webhook = { "id": string; "url": string; "description": string; "events": ("feed:add" | "prov:create" | "prov:patch" | "prov:put" | "prov:delete" | "prov:activate" | "prov:deactivate" | "access")[]; "mode": "notice" | "full"; "enabled": boolean; "disabledReason": ("administrator" | "gone" | "failing") | (null); "failingSince": (string) | (null); "lastDeliveredAt": (string) | (null); "lastError": string | null; "cursor": string; "previousSecretUntil": (string) | (null); "version": number; "createdAt": string; "updatedAt": string }

export type WebhookDelivery = { "id": string; "eventId": string; "subjectId": string; "state": "open" | "delivered" | "failed" | "skipped"; "attempts": number; "status": (number) | (null); "error": string | null; "lastAttemptAt": (string) | (null); "nextAttemptAt": (string) | (null) }

export type WebhookWithSecret = { "id": string; "url": string; "description": string; "events": ("feed:add" | "prov:create" | "prov:patch" | "prov:put" | "prov:delete" | "prov:activate" | "prov:deactivate" | "access")[]; "mode": "notice" | "full"; "enabled": boolean; "disabledReason": ("administrator" | "gone" | "failing") | (null); "failingSince": (string) | (null); "lastDeliveredAt": (string) | (null); "lastError": string | null; "cursor": string; "previousSecretUntil": (string) | (null); "version": number; "createdAt": string; "updatedAt": string; "secret": string }

/** Every call: its query, its body, its answer. */
export interface Calls {
  'POST /accounts': {
    query: undefined
    body: { "name": string }
    answer: Account
  }
  'GET /accounts': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined }
    body: undefined
    answer: { "items": (Account)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}': {
    query: undefined
    body: undefined
    answer: Account
  }
  'PATCH /accounts/{accountId}': {
    query: undefined
    body: { "name"?: string | undefined; "settings"?: { "directoryMayGrantSuperAdmin"?: boolean | undefined; "inactivityDays"?: (30) | (60) | (90) | undefined } | undefined }
    answer: Account
  }
  'POST /accounts/{accountId}/domains': {
    query: undefined
    body: { "name": string; "verified"?: boolean | undefined }
    answer: Domain
  }
  'GET /accounts/{accountId}/domains': {
    query: undefined
    body: undefined
    answer: { "items": (Domain)[]; "nextCursor"?: string | undefined }
  }
  'PATCH /accounts/{accountId}/domains/{name}': {
    query: undefined
    body: { "ssoRequired"?: boolean | undefined }
    answer: Domain
  }
  'DELETE /accounts/{accountId}/domains/{name}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'POST /accounts/{accountId}/domains/{name}/verify': {
    query: undefined
    body: undefined
    answer: Domain
  }
  'POST /accounts/{accountId}/products': {
    query: undefined
    body: { "key": string; "name": string; "seats": number; "policy"?: "reserve_on_invite" | "assign_on_accept" | undefined; "features"?: { [name: string]: boolean } | undefined; "includes"?: (string)[] | undefined }
    answer: Product
  }
  'GET /accounts/{accountId}/products': {
    query: undefined
    body: undefined
    answer: { "items": (Product)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/products/{productId}': {
    query: undefined
    body: undefined
    answer: Product
  }
  'PATCH /accounts/{accountId}/products/{productId}': {
    query: undefined
    body: { "name"?: string | undefined; "seats"?: number | undefined; "policy"?: "reserve_on_invite" | "assign_on_accept" | undefined; "features"?: { [name: string]: boolean } | undefined; "includes"?: (string)[] | undefined; "version"?: number | undefined }
    answer: Product
  }
  'GET /accounts/{accountId}/products/{productId}/waiting': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined }
    body: undefined
    answer: { "items": (WaitingPerson)[]; "nextCursor"?: string | undefined }
  }
  'POST /accounts/{accountId}/roles': {
    query: undefined
    body: { "key": string; "name": string; "permissions": (Permission)[] }
    answer: Role
  }
  'GET /accounts/{accountId}/roles': {
    query: undefined
    body: undefined
    answer: { "items": (ListedRole)[]; "nextCursor"?: string | undefined }
  }
  'PATCH /accounts/{accountId}/roles/{roleId}': {
    query: undefined
    body: { "name"?: string | undefined; "permissions"?: (Permission)[] | undefined; "rank"?: number | undefined }
    answer: Role
  }
  'GET /accounts/{accountId}/overview': {
    query: undefined
    body: undefined
    answer: Overview
  }
  'GET /accounts/{accountId}/connections/{connectionId}/health': {
    query: undefined
    body: undefined
    answer: ConnectionHealth
  }
  'GET /accounts/{accountId}/attributes': {
    query: undefined
    body: undefined
    answer: { "items": (Attribute)[]; "nextCursor"?: string | undefined }
  }
  'POST /accounts/{accountId}/attributes': {
    query: undefined
    body: { "name": string; "type": "text" | "number" | "boolean" | "date" | "choice"; "description"?: string | undefined; "choices"?: (string)[] | undefined }
    answer: Attribute
  }
  'PATCH /accounts/{accountId}/attributes/{attributeId}': {
    query: undefined
    body: { "description"?: string | undefined; "choices"?: (string)[] | undefined; "version"?: number | undefined }
    answer: Attribute
  }
  'DELETE /accounts/{accountId}/attributes/{attributeId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'GET /me': {
    query: undefined
    body: undefined
    answer: Me
  }
  'PATCH /me': {
    query: undefined
    body: { "language"?: "en" | "fr" | "it" | "de" | "es" | "pt" | "nl" | undefined; "givenName"?: string | undefined; "familyName"?: string | undefined; "displayName"?: string | undefined }
    answer: Me
  }
  'POST /me/password': {
    query: undefined
    body: { "current"?: string | undefined; "password": string }
    answer: undefined
  }
  'POST /me/second-factor': {
    query: undefined
    body: { "password": string }
    answer: { "secret": string; "otpauthUri": string; "qrSvg": string }
  }
  'DELETE /me/second-factor': {
    query: undefined
    body: { "password": string }
    answer: undefined
  }
  'POST /me/second-factor/confirm': {
    query: undefined
    body: { "code": string }
    answer: { "recoveryCodes": (string)[] }
  }
  'POST /me/recovery-codes': {
    query: undefined
    body: { "password": string }
    answer: { "recoveryCodes": (string)[] }
  }
  'POST /accounts/{accountId}/setup-link': {
    query: undefined
    body: {  }
    answer: { "url": string; "expiresAt": string }
  }
  'POST /accounts/{accountId}/users/{userId}/invitation': {
    query: undefined
    body: {  }
    answer: { "url"?: string | undefined; "expiresAt": string; "mail": "sent" | "kept" }
  }
  'GET /accounts/{accountId}/mails': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined }
    body: undefined
    answer: { "items": (Mail)[]; "nextCursor"?: string | undefined }
  }
  'POST /accounts/{accountId}/connections': {
    query: undefined
    body: { "name": string; "idpKind": "okta" | "entra" | "generic"; "mode"?: "draft" | "observe" | "live" | "paused" | "disabled" | undefined; "onDisable"?: "keep" | "suspend" | undefined; "acceptDirectRoles"?: boolean | undefined; "acceptDirectEntitlements"?: boolean | undefined; "onNoSeat"?: "accept" | "reject" | undefined; "linkPolicy"?: "auto" | "review" | "never" | undefined; "accessTokenSeconds"?: number | undefined; "defaults"?: Effects | undefined }
    answer: Connection
  }
  'GET /accounts/{accountId}/connections': {
    query: undefined
    body: undefined
    answer: { "items": (Connection)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/connections/{connectionId}': {
    query: undefined
    body: undefined
    answer: Connection
  }
  'PATCH /accounts/{accountId}/connections/{connectionId}': {
    query: undefined
    body: { "name"?: string | undefined; "idpKind"?: "okta" | "entra" | "generic" | undefined; "mode"?: "draft" | "observe" | "live" | "paused" | "disabled" | undefined; "onDisable"?: "keep" | "suspend" | undefined; "acceptDirectRoles"?: boolean | undefined; "acceptDirectEntitlements"?: boolean | undefined; "onNoSeat"?: "accept" | "reject" | undefined; "linkPolicy"?: "auto" | "review" | "never" | undefined; "accessTokenSeconds"?: number | undefined; "defaults"?: Effects | undefined; "version"?: number | undefined }
    answer: Connection
  }
  'DELETE /accounts/{accountId}/connections/{connectionId}': {
    query: undefined
    body: undefined
    answer: { "jobId": string }
  }
  'POST /accounts/{accountId}/connections/{connectionId}/rules': {
    query: undefined
    body: { "priority"?: number | undefined; "enabled"?: boolean | undefined; "condition"?: (string) | (null) | undefined; "effects": Effects; "note"?: (string) | (null) | undefined }
    answer: Rule
  }
  'GET /accounts/{accountId}/connections/{connectionId}/rules': {
    query: undefined
    body: undefined
    answer: { "items": (Rule)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/connections/{connectionId}/rules/{ruleId}': {
    query: undefined
    body: undefined
    answer: Rule
  }
  'PATCH /accounts/{accountId}/connections/{connectionId}/rules/{ruleId}': {
    query: undefined
    body: { "priority"?: number | undefined; "enabled"?: boolean | undefined; "condition"?: (string) | (null) | undefined; "effects"?: Effects | undefined; "note"?: (string) | (null) | undefined; "version"?: number | undefined }
    answer: Rule
  }
  'DELETE /accounts/{accountId}/connections/{connectionId}/rules/{ruleId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'GET /accounts/{accountId}/connections/{connectionId}/setup': {
    query: undefined
    body: undefined
    answer: ConnectionSetup
  }
  'POST /accounts/{accountId}/connections/{connectionId}/self-test': {
    query: undefined
    body: undefined
    answer: SelfTest
  }
  'POST /accounts/{accountId}/connections/{connectionId}/tokens': {
    query: undefined
    body: { "expiresAt"?: string | undefined }
    answer: NewScimToken
  }
  'GET /accounts/{accountId}/connections/{connectionId}/tokens': {
    query: undefined
    body: undefined
    answer: { "items": (ScimToken)[]; "nextCursor"?: string | undefined }
  }
  'DELETE /accounts/{accountId}/connections/{connectionId}/tokens/{tokenId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'POST /accounts/{accountId}/connections/{connectionId}/secrets': {
    query: undefined
    body: { "expiresAt"?: string | undefined }
    answer: NewClientSecret
  }
  'GET /accounts/{accountId}/connections/{connectionId}/secrets': {
    query: undefined
    body: undefined
    answer: { "items": (ClientSecret)[]; "nextCursor"?: string | undefined }
  }
  'DELETE /accounts/{accountId}/connections/{connectionId}/secrets/{secretId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'PUT /accounts/{accountId}/connections/{connectionId}/federation': {
    query: undefined
    body: { "issuer": string; "jwksUrl": string; "subject": string; "audience": string }
    answer: Federation
  }
  'GET /accounts/{accountId}/connections/{connectionId}/federation': {
    query: undefined
    body: undefined
    answer: Federation
  }
  'DELETE /accounts/{accountId}/connections/{connectionId}/federation': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'POST /accounts/{accountId}/connections/{connectionId}/rules/preview': {
    query: undefined
    body: { "ruleId"?: string | undefined; "remove"?: boolean | undefined; "rule"?: { "priority"?: number | undefined; "enabled"?: boolean | undefined; "condition"?: (string) | (null) | undefined; "effects"?: Effects | undefined } | undefined; "who": { "userId"?: string | undefined; "groupId"?: string | undefined; "everyone"?: true | undefined }; "limit"?: number | undefined }
    answer: RulePreview
  }
  'POST /accounts/{accountId}/connections/{connectionId}/reapply': {
    query: undefined
    body: undefined
    answer: { "jobIds": (string)[] }
  }
  'POST /accounts/{accountId}/reapply': {
    query: undefined
    body: undefined
    answer: { "jobIds": (string)[] }
  }
  'POST /accounts/{accountId}/users/{userId}/reapply': {
    query: undefined
    body: undefined
    answer: { "userId": string; "effects": ({ "kind": string; [name: string]: unknown })[] }
  }
  'GET /accounts/{accountId}/jobs/{jobId}': {
    query: undefined
    body: undefined
    answer: Job
  }
  'GET /accounts/{accountId}/connections/{connectionId}/groups': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined; "q"?: string | undefined }
    body: undefined
    answer: { "items": (DirectoryGroup)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/connections/{connectionId}/groups/{groupId}': {
    query: undefined
    body: undefined
    answer: DirectoryGroup
  }
  'GET /accounts/{accountId}/connections/{connectionId}/groups/{groupId}/members': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined }
    body: undefined
    answer: { "items": (GroupPerson)[]; "nextCursor"?: string | undefined }
  }
  'PUT /accounts/{accountId}/connections/{connectionId}/saml': {
    query: undefined
    body: { "idpMetadataXml"?: string | undefined; "idpMetadataUrl"?: string | undefined; "idpEntityId"?: string | undefined; "idp"?: { "entityId": string; "ssoRedirectUrl"?: string | undefined; "ssoPostUrl"?: string | undefined; "sloRedirectUrl"?: string | undefined; "sloPostUrl"?: string | undefined; "certificates": (string)[]; "wantsSignedRequests"?: boolean | undefined } | undefined; "allowIdpInitiated"?: boolean | undefined; "attributes"?: { "email"?: string | undefined; "externalId"?: string | undefined; "identifier"?: string | undefined; "groups"?: string | undefined; "roles"?: string | undefined } | undefined; "rolesFromAssertion"?: boolean | undefined; "audiences"?: (string)[] | undefined; "requiredContext"?: (string) | (null) | undefined; "sha1Until"?: (string) | (null) | undefined; "sessionHours"?: number | undefined }
    answer: Saml
  }
  'GET /accounts/{accountId}/connections/{connectionId}/saml': {
    query: undefined
    body: undefined
    answer: Saml
  }
  'POST /accounts/{accountId}/connections/{connectionId}/saml/preview': {
    query: undefined
    body: { "idpMetadataXml"?: string | undefined; "idpMetadataUrl"?: string | undefined; "idpEntityId"?: string | undefined; "idp"?: { "entityId": string; "ssoRedirectUrl"?: string | undefined; "ssoPostUrl"?: string | undefined; "sloRedirectUrl"?: string | undefined; "sloPostUrl"?: string | undefined; "certificates": (string)[]; "wantsSignedRequests"?: boolean | undefined } | undefined }
    answer: SamlPreview
  }
  'POST /accounts/{accountId}/connections/{connectionId}/saml/pending/decision': {
    query: undefined
    body: { "decision": "accept" | "discard"; "version"?: number | undefined }
    answer: Saml
  }
  'POST /accounts/{accountId}/connections/{connectionId}/saml/rotate-key': {
    query: undefined
    body: undefined
    answer: Saml
  }
  'POST /accounts/{accountId}/connections/{connectionId}/saml/test': {
    query: undefined
    body: undefined
    answer: SignInTest
  }
  'GET /accounts/{accountId}/connections/{connectionId}/saml/test/{testId}': {
    query: undefined
    body: undefined
    answer: SignInTest
  }
  'GET /accounts/{accountId}/users': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined; "q"?: string | undefined; "status"?: "invited" | "active" | "suspended" | "deleted" | undefined; "origin"?: "local" | "directory" | undefined; "connectionId"?: string | undefined; "role"?: string | undefined; "product"?: string | undefined; "licenseState"?: "pending" | "reserved" | "assigned" | "waiting" | undefined; "flag"?: "inactive" | "no_products" | "waiting_for_seat" | "no_sign_in" | "override" | "held" | undefined; "sort"?: "created" | "-created" | "name" | "-name" | "lastSignIn" | "-lastSignIn" | undefined }
    body: undefined
    answer: { "items": (User)[]; "nextCursor"?: string | undefined }
  }
  'POST /accounts/{accountId}/users': {
    query: undefined
    body: { "email": string; "givenName": string; "familyName": string; "displayName"?: string | undefined; "role"?: string | undefined; "products"?: ({ "key": string; "features"?: { [name: string]: boolean } | undefined })[] | undefined; "status"?: "invited" | "active" | undefined }
    answer: UserDetail
  }
  'GET /accounts/{accountId}/users/{userId}': {
    query: undefined
    body: undefined
    answer: UserDetail
  }
  'PATCH /accounts/{accountId}/users/{userId}': {
    query: undefined
    body: { "suspended"?: boolean | undefined; "webLoginAllowed"?: boolean | undefined; "givenName"?: string | undefined; "familyName"?: string | undefined; "displayName"?: string | undefined; "email"?: string | undefined; "version"?: number | undefined }
    answer: UserDetail
  }
  'DELETE /accounts/{accountId}/users/{userId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'POST /accounts/{accountId}/users/{userId}/grants': {
    query: undefined
    body: { "kind": "role" | "product"; "value": string; "effect"?: "allow" | "deny" | undefined; "features"?: { [name: string]: boolean } | undefined; "reason"?: string | undefined; "expiresAt"?: string | undefined }
    answer: UserDetail
  }
  'DELETE /accounts/{accountId}/users/{userId}/grants/{kind}/{key}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'GET /accounts/{accountId}/match-requests': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined; "state"?: "open" | "approved" | "refused" | "used" | undefined }
    body: undefined
    answer: { "items": (MatchRequest)[]; "nextCursor"?: string | undefined }
  }
  'POST /accounts/{accountId}/match-requests/{matchRequestId}/decision': {
    query: undefined
    body: { "decision": "link" | "refuse" }
    answer: MatchRequest
  }
  'GET /accounts/{accountId}/users/{userId}/sessions': {
    query: undefined
    body: undefined
    answer: { "items": (Session)[]; "nextCursor"?: string | undefined }
  }
  'DELETE /accounts/{accountId}/users/{userId}/sessions': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'DELETE /accounts/{accountId}/users/{userId}/sessions/{sessionId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'GET /signing-keys': {
    query: undefined
    body: undefined
    answer: { "items": (SigningKey)[]; "nextCursor"?: string | undefined }
  }
  'POST /signing-keys/rotate': {
    query: undefined
    body: { "immediately"?: boolean | undefined }
    answer: { "items": (SigningKey)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/events': {
    query: { "limit"?: number | undefined; "cursor"?: string | undefined; "userId"?: string | undefined; "connectionId"?: (string) | ((string)[]) | undefined; "source"?: (string) | ((string)[]) | undefined; "action"?: (string) | ((string)[]) | undefined; "outcome"?: (string) | ((string)[]) | undefined; "code"?: (string) | ((string)[]) | undefined; "tokenId"?: (string) | ((string)[]) | undefined; "httpStatus"?: (string) | ((string)[]) | undefined; "ruleId"?: string | undefined; "groupId"?: string | undefined; "correlationId"?: string | undefined; "run"?: string | undefined; "q"?: string | undefined; "from"?: string | undefined; "to"?: string | undefined; "children"?: "true" | "false" | undefined }
    body: undefined
    answer: { "items": (Event)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/events/count': {
    query: { "userId"?: string | undefined; "connectionId"?: (string) | ((string)[]) | undefined; "source"?: (string) | ((string)[]) | undefined; "action"?: (string) | ((string)[]) | undefined; "outcome"?: (string) | ((string)[]) | undefined; "code"?: (string) | ((string)[]) | undefined; "tokenId"?: (string) | ((string)[]) | undefined; "httpStatus"?: (string) | ((string)[]) | undefined; "ruleId"?: string | undefined; "groupId"?: string | undefined; "correlationId"?: string | undefined; "run"?: string | undefined; "q"?: string | undefined; "from"?: string | undefined; "to"?: string | undefined; "children"?: "true" | "false" | undefined; "after"?: string | undefined }
    body: undefined
    answer: { "count": number; "more": boolean }
  }
  'GET /accounts/{accountId}/events/{eventId}': {
    query: undefined
    body: undefined
    answer: EventDetail
  }
  'POST /accounts/{accountId}/exports': {
    query: undefined
    body: ({ "kind": "events"; "format": "csv" | "jsonl"; "filter": { "userId"?: string | undefined; "connectionId"?: (string) | ((string)[]) | undefined; "source"?: (string) | ((string)[]) | undefined; "action"?: (string) | ((string)[]) | undefined; "outcome"?: (string) | ((string)[]) | undefined; "code"?: (string) | ((string)[]) | undefined; "tokenId"?: (string) | ((string)[]) | undefined; "httpStatus"?: (string) | ((string)[]) | undefined; "ruleId"?: string | undefined; "groupId"?: string | undefined; "correlationId"?: string | undefined; "run"?: string | undefined; "q"?: string | undefined; "from"?: string | undefined; "to"?: string | undefined; "children"?: "true" | "false" | undefined } }) | ({ "kind": "users"; "format": "csv" | "jsonl"; "filter": { "q"?: string | undefined; "status"?: "invited" | "active" | "suspended" | "deleted" | undefined; "origin"?: "local" | "directory" | undefined; "connectionId"?: string | undefined; "role"?: string | undefined; "product"?: string | undefined; "licenseState"?: "pending" | "reserved" | "assigned" | "waiting" | undefined; "flag"?: "inactive" | "no_products" | "waiting_for_seat" | "no_sign_in" | "override" | "held" | undefined } })
    answer: { "id": string }
  }
  'GET /accounts/{accountId}/exports/{exportId}': {
    query: undefined
    body: undefined
    answer: Export
  }
  'DELETE /accounts/{accountId}/exports/{exportId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'GET /accounts/{accountId}/exports/{exportId}/file': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'GET /accounts/{accountId}/feed': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined; "mode"?: "notice" | "full" | undefined }
    body: undefined
    answer: { "items": (SecurityEvent)[]; "nextCursor"?: string | undefined; "cursor": string }
  }
  'POST /accounts/{accountId}/webhooks': {
    query: undefined
    body: { "url": string; "description"?: string | undefined; "events"?: ("feed:add" | "prov:create" | "prov:patch" | "prov:put" | "prov:delete" | "prov:activate" | "prov:deactivate" | "access")[] | undefined; "mode"?: "notice" | "full" | undefined; "enabled"?: boolean | undefined }
    answer: WebhookWithSecret
  }
  'GET /accounts/{accountId}/webhooks': {
    query: undefined
    body: undefined
    answer: { "items": (Webhook)[]; "nextCursor"?: string | undefined }
  }
  'GET /accounts/{accountId}/webhooks/{webhookId}': {
    query: undefined
    body: undefined
    answer: Webhook
  }
  'PATCH /accounts/{accountId}/webhooks/{webhookId}': {
    query: undefined
    body: { "url"?: string | undefined; "description"?: string | undefined; "events"?: ("feed:add" | "prov:create" | "prov:patch" | "prov:put" | "prov:delete" | "prov:activate" | "prov:deactivate" | "access")[] | undefined; "mode"?: "notice" | "full" | undefined; "enabled"?: boolean | undefined; "version"?: number | undefined }
    answer: Webhook
  }
  'DELETE /accounts/{accountId}/webhooks/{webhookId}': {
    query: undefined
    body: undefined
    answer: undefined
  }
  'POST /accounts/{accountId}/webhooks/{webhookId}/secret': {
    query: undefined
    body: { "overlapHours"?: number | undefined }
    answer: WebhookWithSecret
  }
  'GET /accounts/{accountId}/webhooks/{webhookId}/deliveries': {
    query: { "cursor"?: string | undefined; "limit"?: number | undefined }
    body: undefined
    answer: { "items": (WebhookDelivery)[]; "nextCursor"?: string | undefined }
  }
  'POST /accounts/{accountId}/webhooks/{webhookId}/replay': {
    query: undefined
    body: { "from"?: string | undefined; "deliveryId"?: string | undefined }
    answer: undefined
  }
}
