// `keywright completion`: scripts for shells, written from the same table as the help.
#include "files.h"
#include "verbs.h"

#include "keywright/text.h"

namespace keywright::command {

namespace {

[[nodiscard]] std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

// Our descriptions hold no single quotes; were one to, it must not end the quoted text.
[[nodiscard]] std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + '\'';
}

[[nodiscard]] std::string bash() {
    std::string names;
    std::string cases;
    for (const VerbInfo& verb : verbs()) {
        if (verb.hidden) continue;
        names += (names.empty() ? "" : " ") + verb.name;
        std::string options = "--help";
        std::string values;
        for (const OptionInfo& option : verb.options) {
            if (option.name != "--help") options += ' ' + option.name;
            if (!option.choices.empty()) {
                values += "                " + option.name + ") COMPREPLY=($(compgen -W " +
                          quoted(joined(option.choices)) + " -- \"$word\")); return ;;\n";
            } else if (option.takes_file) {
                values += "                " + option.name + ") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n";
            } else if (option.takes_value) {
                values += "                " + option.name + ") return ;;\n";
            }
        }
        cases += "        " + verb.name + ")\n            case $before in\n" + values + "            esac\n";
        cases += "            case $word in\n                -*) COMPREPLY=($(compgen -W " + quoted(options) +
                 " -- \"$word\")); return ;;\n            esac\n";
        if (!verb.choices.empty()) {
            cases += "            COMPREPLY=($(compgen -W " + quoted(joined(verb.choices)) + " -- \"$word\"))\n";
        } else if (verb.takes_files) {
            cases += "            COMPREPLY=($(compgen -f -- \"$word\"))\n";
        }
        cases += "            ;;\n";
    }
    return "# bash completion for keywright:  source <(keywright completion bash)\n"
           "_keywright() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        COMPREPLY=($(compgen -W " +
           quoted(names + " --help --version") +
           " -- \"$word\"))\n"
           "        return\n"
           "    fi\n"
           "    case ${COMP_WORDS[1]} in\n" +
           cases +
           "    esac\n"
           "}\n"
           "complete -o filenames -F _keywright keywright\n";
}

// In the specifications of `_arguments` a colon and brackets have a meaning.
[[nodiscard]] std::string zsh_text(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

[[nodiscard]] std::string zsh() {
    std::string names;
    std::string cases;
    for (const VerbInfo& verb : verbs()) {
        if (verb.hidden) continue;
        names += "        " + quoted(verb.name + ":" + zsh_text(verb.about)) + '\n';
        cases += "        " + verb.name + ")\n            _arguments -s";
        for (const OptionInfo& option : verb.options) {
            std::string spec = (option.name == "--set" ? "*" : "") + option.name + "[" + zsh_text(option.about) + "]";
            if (!option.choices.empty()) {
                spec += ":value:(" + joined(option.choices) + ")";
            } else if (option.takes_file) {
                spec += ":file:_files";
            } else if (option.takes_value) {
                spec += ":value:";
            }
            cases += " \\\n                " + quoted(spec);
        }
        if (!verb.choices.empty()) {
            cases += " \\\n                " + quoted("1:what:(" + joined(verb.choices) + ")");
        } else if (verb.takes_files) {
            cases += " \\\n                '*:file:_files'";
        }
        cases += "\n            ;;\n";
    }
    return "#compdef keywright\n"
           "# zsh completion for keywright: save as _keywright in a folder of $fpath\n"
           "_keywright() {\n"
           "    local -a verbs=(\n" +
           names +
           "    )\n"
           "    if (( CURRENT == 2 )); then\n"
           "        _describe 'verb' verbs\n"
           "        return\n"
           "    fi\n"
           "    local verb=$words[2]\n"
           "    shift words\n"
           "    (( CURRENT-- ))\n"
           "    case $verb in\n" +
           cases +
           "    esac\n"
           "}\n"
           "if [ \"$funcstack[1]\" = _keywright ]; then _keywright \"$@\"; else compdef _keywright keywright; fi\n";
}

[[nodiscard]] std::string fish() {
    std::string out =
        "# fish completion for keywright: save as keywright.fish in ~/.config/fish/completions\n"
        "complete -c keywright -f\n";
    for (const VerbInfo& verb : verbs()) {
        if (verb.hidden) continue;
        out += "complete -c keywright -n __fish_use_subcommand -a " + verb.name + " -d " + quoted(verb.about) + '\n';
        const std::string when = "complete -c keywright -n '__fish_seen_subcommand_from " + verb.name + "'";
        if (!verb.choices.empty()) out += when + " -a " + quoted(joined(verb.choices)) + '\n';
        if (verb.takes_files) out += when + " -F\n";
        for (const OptionInfo& option : verb.options) {
            out += when + " -l " + option.name.substr(2) + " -d " + quoted(option.about);
            if (!option.choices.empty()) {
                out += " -x -a " + quoted(joined(option.choices));
            } else if (option.takes_file) {
                out += " -r -F";
            } else if (option.takes_value) {
                out += " -x";
            }
            out += '\n';
        }
    }
    return out;
}

}  // namespace

Status run_completion(const Arguments& arguments) {
    if (arguments.words.empty()) fail(Status::kUsage, "no shell is named", "it may be `bash`, `zsh` or `fish`");
    const std::string& shell = arguments.words.front();
    std::string text;
    if (shell == "bash") {
        text = bash();
    } else if (shell == "zsh") {
        text = zsh();
    } else if (shell == "fish") {
        text = fish();
    } else {
        const std::vector<std::string> names = {"bash", "zsh", "fish"};
        const std::string near = closest_word(shell, names);
        fail(Status::kUsage, "there is no completion for `" + shell + "`",
             near.empty() ? "it may be `bash`, `zsh` or `fish`" : "did you mean `" + near + "`?");
    }
    Output out{arguments.output};
    out.write(text);
    out.finish();
    return Status::kClean;
}

}  // namespace keywright::command
