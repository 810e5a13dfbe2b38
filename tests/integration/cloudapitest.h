#pragma once

#include "cloud/cloudapi.h"
#include "support/waiting.h"

#include <QList>
#include <QTest>
#include <QUrl>

#include <chrono>

/// A CloudApi's settings, and what its callbacks hear.
namespace cloudnode::test {

/// The one that the sandbox takes.
inline const QByteArray token = "sandbox-token";

inline CloudApiSettings settingsFor(const QUrl &url,
                                    std::chrono::milliseconds timeout = std::chrono::seconds(30))
{
    return {.rest = {.apiUrl = url, .token = QString::fromLatin1(token), .timeout = timeout},
            .workspaceSlug = {}};
}

/// Collects what a callback is called with.
template <typename T>
class Heard {
public:
    CloudCallback<T> callback()
    {
        return [this](const CloudResult<T> &result) { m_results << result; };
    }
    qsizetype count() const { return m_results.size(); }
    /// The one and only result; waits for it. Without one, or with more: an error that says so.
    CloudResult<T> result()
    {
        const bool heard = QTest::qWaitFor([this] { return count() > 0; }, patience);
        if (heard && count() == 1)
            return m_results.first();
        const QString what = QStringLiteral("the callback has been called %1 times").arg(count());
        return tl::make_unexpected(CloudError{CloudError::Kind::Refused, -1, {what, {}, {}}, {}});
    }

private:
    QList<CloudResult<T>> m_results;
};

template <typename T>
QString reasonOf(const CloudResult<T> &result)
{
    return result ? QString() : result.error().error.text();
}

/// Whether it is an error of that kind.
template <typename T>
bool failedAs(CloudError::Kind kind, const CloudResult<T> &result)
{
    return !result && result.error().kind == kind;
}

/// The HTTP status of an error; -2: there is none.
template <typename T>
int statusOf(const CloudResult<T> &result)
{
    return result ? -2 : result.error().httpStatus;
}

inline Instance createdBy(CloudApi &api)
{
    Heard<Instance> created;
    api.createInstance(QStringLiteral("default"), {}, &api, created.callback());
    return created.result().value();
}

} // namespace cloudnode::test
