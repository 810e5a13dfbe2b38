#pragma once

#include "base/error.h"

#include <QFile>
#include <QJsonObject>

#include <memory>

namespace cloudnode::sandbox {

/// The event as one line for people: time, what, who, details. Without the line break.
QString sentence(const QJsonObject &event);

/// Writes events as they come, a line each, and holds none back.
class EventWriter {
public:
    enum class Format { JsonLines, Sentences };

    /// To the standard output.
    explicit EventWriter(Format format);
    /// To a file, which is emptied first. Errors: path and reason.
    static Result<std::unique_ptr<EventWriter>> toFile(const QString &path, Format format);

    void write(const QJsonObject &event);

private:
    EventWriter(const QString &path, Format format) : m_format(format), m_file(path) {}

    Format m_format;
    QFile m_file;
};

} // namespace cloudnode::sandbox
