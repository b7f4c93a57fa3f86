// Native records: what another program sends, read through an `ir::Adapter`. First the envelope tells where the records
// are, then each field comes from where its source says.
#pragma once

#include "input/canonical.h"

#include <string>
#include <vector>

namespace keywright::input {

class NativeReader {
public:
    NativeReader(const ir::Module& module, const ir::Adapter& adapter);

    // A record, or a list of records, in a document.
    struct Place {
        JsonDocument::Index node = JsonDocument::kNone;
        std::string pointer;
    };
    // Finds the records below the root of the context's document and checks the envelope round them. Where `node` is
    // kNone, or problems were reported, the document must not be read.
    [[nodiscard]] Place open_envelope(Context& context) const;

    // Reads the object `node` into the context's record, which has been reset.
    void read(Context& context, JsonDocument::Index node) const;

    // JSON Pointer, below the record, of the member that a field is read from; its canonical pointer where there is
    // none.
    [[nodiscard]] const std::string& pointer_of(std::size_t field) const;

private:
    const ir::Module& module_;
    const ir::Adapter& adapter_;
    std::vector<const ir::FieldSource*> sources_;  // by field; null: none
    MemberTree envelope_;
    MemberTree members_;
    MemberTree facts_;  // every field: which of them may stand in `$facts` is asked one by one

    // A field is told by its source, read in canonical form, or known to the owner alone.
    [[nodiscard]] bool takes_facts(std::size_t field) const;
    [[nodiscard]] bool is_canonical(std::size_t field) const {
        return sources_[field] == nullptr && !takes_facts(field);
    }
    bool checks_hold(Context& context) const;
    void read_source(Context& context, std::size_t field, const ir::FieldSource& source,
                     JsonDocument::Index node) const;
    void source_missing(Context& context, std::size_t field, const ir::FieldSource& source,
                        JsonDocument::Index node) const;
    void check_facts(Context& context, JsonDocument::Index facts) const;
};

}  // namespace keywright::input
