// Keys and signatures in minisign's format, against files that minisign 0.11 made (tests/cases/trust).
#include "keywright/signature.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <string>

using namespace keywright;
using State = SignatureOf::State;

namespace {

std::string file(const std::string& name) { return test::project_file("tests/cases/trust/" + name); }

VerifyingKey minisigns_key() {
    const auto read = read_verifying_key(file("minisign.pub"));
    REQUIRE(read.key.has_value());
    return *read.key;
}

SigningKey minisigns_secret() {
    ReadSigningKey read = read_signing_key(file("minisign.key"));
    REQUIRE(read.key.has_value());
    return std::move(*read.key);
}

// The text with one character of line `number` (from 0) made another.
std::string with_changed_line(const std::string& text, std::size_t number, std::size_t column) {
    std::size_t at = 0;
    for (; number > 0; --number) at = text.find('\n', at) + 1;
    std::string out = text;
    char& c = out[at + column];
    c = c == 'A' ? 'B' : 'A';
    return out;
}

}  // namespace

TEST_CASE("public keys of minisign are read, with their comment or as the line alone") {
    const VerifyingKey key = minisigns_key();
    CHECK(key.id_text() == "D1371697A7AC5712");
    CHECK(key.line() == "RWQSV6ynlxY30f6kBLx8zCDs01k8ed5D3nJZqci8KZpZxixKjDvBhd5j");
    CHECK(read_verifying_key(key.line()).key == key);
    CHECK(read_verifying_key(key.line() + "\r\n").key == key);
}

TEST_CASE("what is no public key is refused, and not shown") {
    const std::string line = minisigns_key().line();
    for (const std::string& text :
         {std::string{}, std::string{"\n"}, std::string{"RW"}, line.substr(0, 55), line + "A", line + "AAAA",
          "AA" + line.substr(2), "comment\n" + line, line + "\n" + line + "\n" + line, " " + line,
          line.substr(0, 55) + "\xff", line + std::string(1, '\0')}) {
        CAPTURE(text);
        const auto read = read_verifying_key(text);
        CHECK_FALSE(read.key.has_value());
        CHECK(read.error != "");
        CHECK(read.error.find(line.substr(0, 20)) == std::string::npos);
    }
    const std::string secret = file("minisign.key");
    const auto mistaken = read_verifying_key(secret);
    CHECK_FALSE(mistaken.key.has_value());
    CHECK(mistaken.error.find("secret") != std::string::npos);
}

TEST_CASE("secret keys of minisign are read, and belong to their public keys") {
    CHECK(minisigns_secret().verifying_key() == minisigns_key());
}

TEST_CASE("a secret key that is damaged is refused") {
    const std::string text = file("minisign.key");
    // In the id nothing can be noticed, as minisign leaves the check of a key without a password out.
    for (const std::size_t column : {0u, 3u, 5u, 90u, 130u, 160u, 169u}) {
        CAPTURE(column);
        const ReadSigningKey read = read_signing_key(with_changed_line(text, 1, column));
        CHECK_FALSE(read.key.has_value());
        CHECK(read.error != "");
    }
    CHECK_FALSE(read_signing_key(text.substr(0, text.size() - 3)).key.has_value());
    CHECK(read_signing_key(file("minisign.pub")).error.find("public") != std::string::npos);
}

TEST_CASE("a key that is moved away is gone from where it was") {
    SigningKey key = minisigns_secret();
    const SigningKey moved{std::move(key)};
    CHECK(moved.verifying_key() == minisigns_key());
    CHECK(key.secret() == std::array<unsigned char, 64>{});  // NOLINT: that is the question
}

TEST_CASE("signatures that minisign made are valid, prehashed and legacy") {
    const VerifyingKey key = minisigns_key();
    const std::string text = file("hello.txt");
    const SignatureOf hashed = check_signature(text, file("hello.txt.minisig"), key);
    CHECK(hashed.state == State::kValid);
    CHECK(hashed.trusted_comment == "a trusted comment");
    CHECK(hashed.key_id == "D1371697A7AC5712");
    CHECK(check_signature(text, file("hello.txt.legacy.minisig"), key).state == State::kValid);
}

TEST_CASE("our signatures are minisign's, but for the comment that isn't signed") {
    const SigningKey key = minisigns_secret();
    const std::string ours = sign(key, file("hello.txt"), "a trusted comment");
    const std::string theirs = file("hello.txt.minisig");
    CHECK(ours.substr(ours.find('\n')) == theirs.substr(theirs.find('\n')));
    CHECK(check_signature(file("hello.txt"), ours, key.verifying_key()).state == State::kValid);
}

TEST_CASE("a signature of anything else is wrong") {
    const VerifyingKey key = minisigns_key();
    const std::string text = file("hello.txt");
    for (const char* name : {"hello.txt.minisig", "hello.txt.legacy.minisig"}) {
        const std::string good = file(name);
        CHECK(check_signature(text + " ", good, key).state == State::kWrong);
        CHECK(check_signature("", good, key).state == State::kWrong);
        CHECK(check_signature(text, with_changed_line(good, 1, 30), key).state == State::kWrong);
        // The trusted comment, and its signature.
        CHECK(check_signature(text, with_changed_line(good, 2, 20), key).state == State::kWrong);
        CHECK(check_signature(text, with_changed_line(good, 3, 30), key).state == State::kWrong);
        // A key with the id of the right one is another key all the same.
        VerifyingKey pretender = key;
        pretender.point[5] ^= 1;
        CHECK(check_signature(text, good, pretender).state == State::kWrong);
    }
    // The kinds can't be taken for each other.
    std::string kind = file("hello.txt.minisig");
    kind.replace(kind.find("\nRU") + 1, 2, "RW");
    CHECK(check_signature(text, kind, key).state == State::kWrong);
}

TEST_CASE("a signature by another key says so, and what is none says what is wrong") {
    VerifyingKey other = minisigns_key();
    other.id[0] ^= 1;
    const std::string good = file("hello.txt.minisig");
    const SignatureOf by = check_signature(file("hello.txt"), good, other);
    CHECK(by.state == State::kOtherKey);
    CHECK(by.key_id == "D1371697A7AC5712");
    for (const std::string& text : {std::string{}, std::string{"\n\n\n\n"}, good.substr(0, good.size() / 2),
                                    good + "more\n", good + "\n", "x" + good, std::string(100000, 'A')}) {
        const SignatureOf read = check_signature(file("hello.txt"), text, minisigns_key());
        CHECK(read.state == State::kMalformed);
        CHECK(read.error != "");
        CHECK(read.trusted_comment == "");
    }
}

TEST_CASE("a comment stays on its line") {
    const SigningKey key = minisigns_secret();
    const std::string text = sign(key, "text", "one\ntwo");
    CHECK(text.find("two") == std::string::npos);
    CHECK(check_signature("text", text, key.verifying_key()).trusted_comment == "one");
}

TEST_CASE("a new key can sign, and with a password only with that") {
    const NewKey plain = new_key(std::nullopt);
    REQUIRE(plain.error == "");
    const ReadSigningKey read = read_signing_key(plain.secret_file);
    REQUIRE(read.key.has_value());
    CHECK(read_verifying_key(plain.public_file).key == read.key->verifying_key());
    CHECK(new_key(std::nullopt).secret_file != plain.secret_file);
    // Our own keys carry their check even without a password.
    CHECK(read_signing_key(with_changed_line(plain.secret_file, 1, 75)).error == "it is damaged");

    const NewKey hidden = new_key("a password");
    REQUIRE(hidden.error == "");
    const ReadSigningKey without = read_signing_key(hidden.secret_file);
    CHECK(without.needs_password);
    CHECK_FALSE(without.key.has_value());
    CHECK(read_signing_key(hidden.secret_file, "a Password").error == "the password is wrong");
    const ReadSigningKey with = read_signing_key(hidden.secret_file, "a password");
    REQUIRE(with.key.has_value());
    CHECK(read_verifying_key(hidden.public_file).key == with.key->verifying_key());
}
