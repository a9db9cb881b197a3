// SPDX-License-Identifier: Apache-2.0
// Tokens as ordinary providers write them: none of them is worth more than a note.
#include "tests/unit/lint/token_rules.h"

namespace jwtctl {
namespace {

struct Provider {
  std::string_view name;
  std::string_view header;
  std::string_view payload;
  std::string_view profile = {};
};

constexpr Provider kProviders[] = {
    {"Google, ID token",
     R"({"alg":"RS256","kid":"8a63fe71e53067524cbbc6a3a58463b3864c0787",)"
     R"("typ":"JWT"})",
     R"({"iss":"https://accounts.google.com","azp":"407408718192-x.apps.googleusercontent.com",)"
     R"("aud":"407408718192-x.apps.googleusercontent.com","sub":"110169484474386276334",)"
     R"("hd":"example.com","email":"jo@example.com","email_verified":true,)"
     R"("at_hash":"HK6E_P6Dh8Y93mRNtsDB1Q","nonce":"0394852-3190485-2490358","name":"Jo Doe",)"
     R"("picture":"https://lh3.googleusercontent.com/a/ACg8ocK=s96-c","given_name":"Jo",)"
     R"("family_name":"Doe","iat":1767225540,"exp":1767229140})",
     "id-token"},
    {"Google, without a scheme", R"({"alg":"RS256","kid":"8a63fe71e530","typ":"JWT"})",
     R"({"iss":"accounts.google.com","aud":"407408718192-x.apps.googleusercontent.com",)"
     R"("sub":"110169484474386276334","iat":1767225540,"exp":1767229140})"},
    {"Entra, access token v1",
     R"({"typ":"JWT","alg":"RS256","x5t":"L1KfKFI_jnXbwWc22xZxw1sUHH0",)"
     R"("kid":"L1KfKFI_jnXbwWc22xZxw1sUHH0"})",
     R"({"aud":"api://5f0f8d5e-6d3e-4f3e-8d2c-1c2f3e4d5a6b",)"
     R"("iss":"https://sts.windows.net/7fe81447-da57-4385-becb-6de57f21477e/",)"
     R"("iat":1767225300,"nbf":1767225300,"exp":1767230140,"acr":"1",)"
     R"("aio":"AXQAi/8IAAAAtAaP+TzHNKqSB4cx","amr":["pwd","mfa"],)"
     R"("appid":"0a1b2c3d-4e5f-6789-abcd-ef0123456789","appidacr":"1","family_name":"Doe",)"
     R"("given_name":"Jo","ipaddr":"203.0.113.7","name":"Jo Doe",)"
     R"("oid":"c2e1f3a4-1234-4567-89ab-0123456789ab","puid":"10032001A2B3C4D5",)"
     R"("rh":"0.AUYARxToFw.","scp":"Data.Read User.Read","roles":["Reader"],)"
     R"("groups":["0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"],"pwd_exp":"1034522",)"
     R"("pwd_url":"https://portal.microsoftonline.com/ChangePassword.aspx",)"
     R"("sub":"l3_roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA","tid":"7fe81447-da57-4385-becb-6de57f21477e",)"
     R"("unique_name":"jo@example.com","upn":"jo@example.com","uti":"fqiBqXLPj0eQa82S-IYFAA",)"
     R"("ver":"1.0","wids":["b79fbf4d-3ef9-4689-8143-76b194e85509"],"xms_tcdt":1398973230})"},
    {"Entra, ID token v2", R"({"typ":"JWT","alg":"RS256","kid":"L1KfKFI_jnXbwWc22xZxw1sUHH0"})",
     R"({"aud":"0a1b2c3d-4e5f-6789-abcd-ef0123456789",)"
     R"("iss":"https://login.microsoftonline.com/7fe81447-da57-4385-becb-6de57f21477e/v2.0",)"
     R"("iat":1767225300,"nbf":1767225300,"exp":1767229200,"name":"Jo Doe","nonce":"678910",)"
     R"("oid":"c2e1f3a4-1234-4567-89ab-0123456789ab","preferred_username":"jo@example.com",)"
     R"("rh":"0.AUYA.","sub":"AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",)"
     R"("tid":"7fe81447-da57-4385-becb-6de57f21477e","uti":"fqiBqXLPj0eQa82S","ver":"2.0"})",
     "id-token"},
    {"Auth0, access token", R"({"alg":"RS256","typ":"JWT","kid":"NzdFQzBFRTM0QjE2"})",
     R"({"iss":"https://tenant.eu.auth0.com/","sub":"auth0|5f7c8ec7c33c6c004bbafe82",)"
     R"("aud":["https://api.example.com","https://tenant.eu.auth0.com/userinfo"],)"
     R"("iat":1767225540,"exp":1767311940,"azp":"my_client_id","scope":"openid profile email",)"
     R"("permissions":["read:data"],"gty":"password"})"},
    {"Auth0, ID token", R"({"alg":"RS256","typ":"JWT","kid":"NzdFQzBFRTM0QjE2"})",
     R"({"nickname":"jo","name":"jo@example.com","picture":"https://s.gravatar.com/avatar/x.png",)"
     R"("updated_at":"2025-12-31T23:58:00.000Z","email":"jo@example.com","email_verified":false,)"
     R"("iss":"https://tenant.eu.auth0.com/","aud":"my_client_id","iat":1767225540,)"
     R"("exp":1767261540,"sub":"auth0|5f7c8ec7c33c6c004bbafe82","sid":"Y3d5","nonce":"bjA"})",
     "id-token"},
    {"Okta, access token", R"({"kid":"lXfFHNKHF3uq7NdZ8XY","alg":"RS256"})",
     R"({"ver":1,"jti":"AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",)"
     R"("iss":"https://dev-1.okta.com/oauth2/default","aud":"api://default","iat":1767225540,)"
     R"("exp":1767229140,"cid":"nmdP1fcyvdVO11AL7ECm","uid":"00ujmkLgagxeRrAg20g3",)"
     R"("scp":["openid","email"],"sub":"jo@example.com","auth_time":1767225500})"},
    {"Okta, access token of the organisation",
     R"({"kid":"lXfFHNKHF3uq7NdZ8XY","typ":"application/okta-internal-at+jwt","alg":"RS256"})",
     R"({"ver":1,"jti":"AT.x","iss":"https://dev-1.okta.com","aud":"https://dev-1.okta.com",)"
     R"("sub":"jo@example.com","iat":1767225540,"exp":1767229140,"cid":"0oa1","uid":"00u1",)"
     R"("scp":["openid"],"auth_time":1767225500})"},
    {"Keycloak, access token",
     R"({"alg":"RS256","typ":"JWT","kid":"nPPTxjZ1mnB2Dvxy2ARpMHoSW6dK7wI2xz6iPRhPAIY"})",
     R"({"exp":1767225840,"iat":1767225540,"auth_time":1767225539,)"
     R"("jti":"onrtac:7a7c0e8c-8a5c-4b0e-9d2b-0b0c4f3f1b2a",)"
     R"("iss":"https://sso.example.com/realms/main","aud":["realm-management","account"],)"
     R"("sub":"df0a1ce1-386d-4923-9d8f-36bf11c3210a","typ":"Bearer","azp":"web",)"
     R"("sid":"6a976529-f5b9-4e0b-8b8c-8c3a5b1f2c3d","acr":"1",)"
     R"("allowed-origins":["https://app.example.com","*"],)"
     R"("realm_access":{"roles":["offline_access","uma_authorization"]},)"
     R"("resource_access":{"account":{"roles":["manage-account","view-profile"]}},)"
     R"("scope":"openid email profile","email_verified":true,"name":"Jo Doe",)"
     R"("preferred_username":"jo","given_name":"Jo","family_name":"Doe",)"
     R"("email":"jo@example.com"})"},
    {"Cognito, access token",
     R"({"kid":"jxvtA+bCdE/fGhIjKlMnOpQrStUvWxYz0123456789A=",)"
     R"("alg":"RS256"})",
     R"({"sub":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee","device_key":"eu-west-1_b1",)"
     R"("cognito:groups":["admin"],)"
     R"("iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_example","version":2,)"
     R"("client_id":"xxxxxxxxxxxxexample","origin_jti":"aaaaaaaa-bbbb-cccc-dddd-ffffffffffff",)"
     R"("event_id":"64f513be-32db-42b0-b78e-b02127b4f463","token_use":"access",)"
     R"("scope":"phone openid profile resourceserver.1/appclient2 email",)"
     R"("auth_time":1767225539,"exp":1767229140,"iat":1767225540,)"
     R"("jti":"bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee","username":"jo"})"},
    {"Cognito, ID token", R"({"kid":"jxvtA+bCdE/fGhIjKlMnOpQrStUvWxYz0123456789A=","alg":"RS256"})",
     R"({"sub":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee","cognito:groups":["test"],)"
     R"("email_verified":true,"cognito:preferred_role":"arn:aws:iam::111122223333:role/test",)"
     R"("iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_example",)"
     R"("cognito:username":"jo","nonce":"abcdefg","origin_jti":"aaaa","aud":"xxxxexample",)"
     R"("identities":[{"userId":"amzn1.account.EXAMPLE","providerName":"LoginWithAmazon",)"
     R"("providerType":"LoginWithAmazon","issuer":null,"primary":"true",)"
     R"("dateCreated":"1642699117273"}],"event_id":"64f5","token_use":"id",)"
     R"("auth_time":1767225539,"exp":1767229140,"iat":1767225540,"jti":"bbbb",)"
     R"("email":"jo@example.com"})",
     "id-token"},
    {"GitHub Actions",
     R"({"typ":"JWT","alg":"RS256","x5t":"eBZ_cn3sXYAd0ch4THBKHIgOwOE",)"
     R"("kid":"78167F727DEC5D801DD1C8784C704A1C880EC0E1"})",
     R"({"jti":"9bb7c2bb-8e9d-4a7b-9d86-9b1d9a2f7f12",)"
     R"("sub":"repo:octo-org/octo-repo:environment:prod","environment":"prod",)"
     R"("aud":"https://github.com/octo-org","ref":"refs/heads/main",)"
     R"("sha":"e5b1c2d3f4a5968778695a4b3c2d1e0f9a8b7c6d","repository":"octo-org/octo-repo",)"
     R"("repository_owner":"octo-org","actor_id":"12","repository_visibility":"private",)"
     R"("repository_id":"74","repository_owner_id":"65","run_id":"12345678901","run_number":"10",)"
     R"("run_attempt":"2","runner_environment":"github-hosted","actor":"octocat",)"
     R"("workflow":"example-workflow","head_ref":"","base_ref":"","event_name":"push",)"
     R"("ref_protected":"false","ref_type":"branch",)"
     R"("job_workflow_ref":"octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",)"
     R"("iss":"https://token.actions.githubusercontent.com","nbf":1767224940,)"
     R"("exp":1767225840,"iat":1767225540})",
     "github-actions"},
    {"GitLab",
     R"({"kid":"4i3sFE7sxqNPOT7FdvcGA1ZVGGI_r-tsDXnEuYT4ZqE","typ":"JWT",)"
     R"("alg":"RS256"})",
     R"({"namespace_id":"72","namespace_path":"my-group","project_id":"20",)"
     R"("project_path":"my-group/my-project","user_id":"1","user_login":"sample-user",)"
     R"("user_email":"sample-user@example.com",)"
     R"("user_identities":[{"provider":"github","extern_uid":"2435223452345"}],)"
     R"("pipeline_id":"574","pipeline_source":"push","job_id":"302","ref":"feature-branch-1",)"
     R"("ref_type":"branch","ref_path":"refs/heads/feature-branch-1","ref_protected":"false",)"
     R"("groups_direct":["mygroup/mysubgroup"],"environment":"test-environment2",)"
     R"("environment_protected":"false","deployment_tier":"testing","runner_id":1,)"
     R"("runner_environment":"self-hosted","sha":"714a629c0b401fdce83e847fc9589983fc6f46bc",)"
     R"("project_visibility":"public","ci_config_sha":"714a629c0b401fdce83e847fc9589983fc6f46bc",)"
     R"("jti":"235b3a54-b797-45c7-ae9a-f72d7bc6ef5b","iat":1767225540,"nbf":1767225535,)"
     R"("exp":1767229140,"iss":"https://gitlab.example.com",)"
     R"("sub":"project_path:my-group/my-project:ref_type:branch:ref:feature-branch-1",)"
     R"("aud":"https://vault.example.com"})",
     "gitlab"},
    {"Kubernetes, bound token", R"({"alg":"RS256","kid":"GkvPQ3VqdXl0dQ0qjKQyT5S0QkC8YyYq6k"})",
     R"({"aud":["https://kubernetes.default.svc.cluster.local"],"exp":1798761540,)"
     R"("iat":1767225540,"iss":"https://kubernetes.default.svc.cluster.local",)"
     R"("jti":"ea28ed49-2e11-4280-9ec5-bc3d1d84661a","kubernetes.io":{"namespace":"my-ns",)"
     R"("node":{"name":"node-1","uid":"646e7c5e-32d6-4d42-9dbd-e504e6cbe6b1"},)"
     R"("pod":{"name":"my-pod","uid":"5e0bd49b-f040-43b0-99b7-22765a53f7f3"},)"
     R"("serviceaccount":{"name":"my-sa","uid":"14ee3fa4-a7e2-420f-9f9a-dbc4507c3798"},)"
     R"("warnafter":1767229147},"nbf":1767225540,)"
     R"("sub":"system:serviceaccount:my-ns:my-sa"})",
     "kubernetes"},
    {"SPIFFE, JWT-SVID", R"({"alg":"ES256","kid":"C6vs25welZOx6WksNYfbMfiw9l96pMnD","typ":"JWT"})",
     R"({"aud":["spiffe://example.org/backend"],"exp":1767225840,"iat":1767225540,)"
     R"("sub":"spiffe://example.org/ns/default/sa/web"})",
     "spiffe"},
};

TEST_CASE("ordinary tokens of providers have notes at most") {
  for (const Provider& provider : kProviders) {
    CAPTURE(provider.name);
    for (bool with_profile : {false, true}) {
      Expectations expected;
      if (with_profile && provider.profile.empty()) continue;
      if (with_profile) expected.profile = find_profile(provider.profile);
      std::string text = testing::token_of(provider.header, provider.payload);
      for (const Finding& finding : testing::judged(text, expected)) {
        CAPTURE(finding.rule.id, finding.place, finding.message);
        CHECK(finding.severity == Severity::note);
      }
    }
  }
}

TEST_CASE("ordinary tokens can be read, and are not empty of claims") {
  for (const Provider& provider : kProviders) {
    CAPTURE(provider.name);
    JsonReading header = read_json(provider.header);
    JsonReading payload = read_json(provider.payload);
    CHECK_FALSE(header.fault);
    CHECK_FALSE(payload.fault);
    REQUIRE(payload.value);
    CHECK(payload.value->as_object()->size() >= 4);
    CHECK((provider.profile.empty() || find_profile(provider.profile) != nullptr));
  }
}

}  // namespace
}  // namespace jwtctl
