#include "runner/addedenvironment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace cloudnode {

namespace {

std::string_view nameOf(std::string_view variable)
{
    return variable.substr(0, variable.find('='));
}

} // namespace

AddedEnvironment::AddedEnvironment(std::vector<std::string> &variables) : m_before(::environ)
{
    for (std::string &variable : variables)
        m_all.push_back(variable.data());
    for (char **own = m_before; own && *own; ++own) {
        const auto isSame = [own](const std::string &added) { return nameOf(added) == nameOf(*own); };
        if (std::none_of(variables.begin(), variables.end(), isSame))
            m_all.push_back(*own);
    }
    m_all.push_back(nullptr);
    ::environ = m_all.data();
}

AddedEnvironment::~AddedEnvironment()
{
    ::environ = m_before;
}

} // namespace cloudnode
