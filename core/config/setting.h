#pragma once

#include "config/nodeconfig.h"

#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

#include <variant>

namespace cloudnode {

/// What a setting's text has to look like.
enum class ValueKind {
    Text,    ///< anything
    Name,    ///< a slug or uuid: goes into topics and URLs, so no blanks, '/', '+' or '#'
    Token,   ///< printable, no blanks: goes into an HTTP header
    Prefix,  ///< in front of a topic: no blanks, '+' or '#'; "production" means none
    Command, ///< shell text
    Path,    ///< absolute, below ~/, or relative to the working directory
    Host,    ///< a host name or address, without scheme and port
    Url,     ///< http or https
    Number,  ///< a whole number between min and max
    Seconds, ///< the same, as a time
    Flag,    ///< 1 true t yes y on / 0 false f no n off
    Mode,    ///< inline or file
    Choice,  ///< one of a few words
};

/// A member of one type of workload's limits.
template <typename T>
struct LimitField {
    WorkloadLimits NodeConfig::*limits;
    T WorkloadLimits::*member;
};

/// One setting: where it may come from, what it must look like and where it goes. The loader, the list that
/// `cloudnode config` prints and the hints about misspelt keys all live off the one table of these.
struct Setting {
    using Field = std::variant<QString NodeConfig::*, QUrl NodeConfig::*, bool NodeConfig::*,
                               int NodeConfig::*, quint16 NodeConfig::*, std::chrono::seconds NodeConfig::*,
                               BodyMode NodeConfig::*, LimitField<QString>, LimitField<bool>, LimitField<int>,
                               LimitField<std::chrono::seconds>>;

    QString key; ///< its name in `cloudnode config`
    ValueKind kind = ValueKind::Text;
    Field field;
    /// In cyberwave.yml, the stronger one first; empty: not taken from there. Dots stand for indentation.
    QStringList fileKeys = {};
    QStringList variables = {}; ///< of the environment and .env files, the stronger one first
    QString credential = {};    ///< in credentials.json; empty: not taken from there
    QString flag = {};          ///< on the command line; empty: none
    QString meaning = {};       ///< for people, a clause
    qint64 min = 0;             ///< Number and Seconds
    qint64 max = 0;
    bool secret = false;
    QStringList choices = {}; ///< Choice

    /// Its value in `config`, as JSON; a secret too.
    QJsonValue value(const NodeConfig &config) const;
    /// Its value in `config` as one would write it; empty if there is none.
    QString text(const NodeConfig &config) const;
    /// The shape a value must have, to follow "expected".
    QString expected() const;
    /// Reads `text` into `config`. Errors: `what` names neither key nor place, only the value (unless it is
    /// secret) and what was expected: is "70000", expected a whole number from 1 to 65535.
    Result<void> assign(const QString &text, NodeConfig &config) const;
    /// Whether "no value" is a value: there is no default that would have to stand in.
    bool isOptional() const { return text(NodeConfig()).isEmpty(); }
};

/// All of them, in the order in which people should read them.
const QList<Setting> &allSettings();
/// The one with that key; nullptr if there is none.
const Setting *findSetting(QStringView key);

/// Every key of cyberwave.yml that sets something.
const QStringList &knownFileKeys();
/// Whether keys that set something stand below this one.
bool isFileKeyGroup(const QString &key);
/// Keys of the same file that other Cyberwave programs read; this node ignores them.
const QStringList &foreignFileKeys();

} // namespace cloudnode
