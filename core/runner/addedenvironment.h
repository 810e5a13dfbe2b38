#pragma once

#include <string>
#include <vector>

namespace cloudnode {

/// Adds variables to this process's environment, in place of those of the same names, for as long as it
/// lives.
class AddedEnvironment {
public:
    /// `variables` (NAME=value) must outlive it.
    explicit AddedEnvironment(std::vector<std::string> &variables);
    ~AddedEnvironment();
    AddedEnvironment(const AddedEnvironment &) = delete;
    AddedEnvironment &operator=(const AddedEnvironment &) = delete;

private:
    char **m_before;
    std::vector<char *> m_all;
};

} // namespace cloudnode
